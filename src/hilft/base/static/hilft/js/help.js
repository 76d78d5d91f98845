/* The help sheet: fills itself with the keys found in the page whenever it opens. */
import { keyed } from "./keys.js";

const sheet = document.querySelector("[data-help]");
const SIGNS = { "Shift+": "⇧ ", "Mod+": "" };

function label(element) {
  const named = element.dataset.keyLabel ?? element.getAttribute("aria-label");
  if (named) return named;
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll(".keys, .key, .nav-count, svg")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function caps(name) {
  const word = sheet.querySelector(".key")?.textContent ?? "Ctrl";
  const parts = name.replace("Mod+", `${word} `).replace("Shift+", SIGNS["Shift+"]).split(" ");
  return parts.map((part) => Object.assign(document.createElement("kbd"), { className: "key", textContent: part }));
}

function fill() {
  const page = sheet.querySelector("[data-help-page]");
  const seen = new Set([...sheet.querySelectorAll("section:not([data-help-page]) .key")].map((key) => key.textContent));
  const rows = keyedOfPage()
    .filter((element) => element.checkVisibility() || element.closest("[popover], nav"))
    .filter(({ dataset: { key } }) => !seen.has(key) && !key.startsWith("Mod+") && seen.add(key))
    .flatMap((element) => {
      const term = document.createElement("dt");
      term.append(...caps(element.dataset.key));
      return [term, Object.assign(document.createElement("dd"), { textContent: label(element) })];
    });
  page.querySelector("dl").replaceChildren(...rows);
  page.hidden = rows.length === 0;
}

/* keyed() looks only into an open dialog, so the page is read before the sheet opens. */
const keyedOfPage = () => (sheet.open ? [...document.querySelectorAll("[data-key]")] : keyed()).filter((element) => !sheet.contains(element));

sheet?.addEventListener("beforetoggle", (event) => event.newState === "open" && fill());
