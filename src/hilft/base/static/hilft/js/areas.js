/* Which groups of the navigation are open: remembered in a cookie that the server reads, so that no page moves.
   Where one is, is scrolled into sight within the navigation. */
const YEAR = 31_536_000;

for (const link of document.querySelectorAll(".nav [aria-current]")) {
  let pane = link.parentElement;
  while (pane && !(pane.scrollHeight > pane.clientHeight && /auto|scroll/.test(getComputedStyle(pane).overflowY))) pane = pane.parentElement;
  if (!pane || pane === document.scrollingElement) continue;
  const below = link.getBoundingClientRect().bottom - pane.getBoundingClientRect().bottom;
  if (below > 0) pane.scrollTop += below + link.offsetHeight;
}

document.addEventListener("click", ({ target }) => {
  const summary = target.closest?.("[data-area] > summary");
  if (!summary) return;
  const group = summary.parentElement;
  const kept = new Set((document.cookie.match(/(?:^|; )areas=([\w.]*)/)?.[1] ?? "answers").split(".").filter(Boolean));
  if (group.open) kept.delete(group.dataset.area);
  else kept.add(group.dataset.area);
  document.cookie = `areas=${[...kept].join(".")}; path=/; max-age=${YEAR}; samesite=lax`;
});
