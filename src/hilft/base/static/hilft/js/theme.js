/* Light, dark or as the system says: remembered in a cookie that the server reads, so that no page flashes. */
const YEAR = 31_536_000;
const root = document.documentElement;

function apply(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

const kept = document.cookie.match(/(?:^|; )theme=(\w+)/)?.[1];
if (kept) apply(kept);
for (const option of document.querySelectorAll("[data-theme-switch] input")) option.checked = option.value === (kept ?? "auto");

document.addEventListener("change", ({ target }) => {
  if (!target.closest?.("[data-theme-switch]")) return;
  apply(target.value);
  document.cookie = `theme=${target.value}; path=/; max-age=${YEAR}; samesite=lax`;
  document.dispatchEvent(new CustomEvent("hilft:preference", { detail: { theme: target.value } }));
});
