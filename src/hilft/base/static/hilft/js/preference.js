/* Sends a changed preference (theme, keys) to <meta name="preferences-url">, where the page has one. */
import { post } from "./csrf.js";

document.addEventListener("hilft:preference", ({ detail }) => {
  const url = document.querySelector('meta[name="preferences-url"]')?.content;
  if (url) post(url, detail).catch(() => null);
});
