/* Which groups of the navigation are open: remembered in a cookie that the server reads, so that no page moves. */
const YEAR = 31_536_000;

document.addEventListener("click", ({ target }) => {
  const summary = target.closest?.("[data-area] > summary");
  if (!summary) return;
  const group = summary.parentElement;
  const kept = new Set((document.cookie.match(/(?:^|; )areas=([\w.]*)/)?.[1] ?? "answers").split(".").filter(Boolean));
  if (group.open) kept.delete(group.dataset.area);
  else kept.add(group.dataset.area);
  document.cookie = `areas=${[...kept].join(".")}; path=/; max-age=${YEAR}; samesite=lax`;
});
