/* A list of links moved through by j and k: one tab stop, focus is kept when the list is swapped, x selects. */
import { bind } from "./keys.js";

const list = () => document.querySelector("[data-list]");
const links = (of = list()) => (of ? [...of.querySelectorAll(".row-link")].filter((link) => link.checkVisibility()) : []);
const box = (link) => link?.closest(".row")?.querySelector(".row-select") ?? null;
let last = null;
let anchor = null;

function current() {
  const all = links();
  return all.find((link) => link === document.activeElement)
    ?? all.find((link) => link.getAttribute("href") === last)
    ?? all.find((link) => link.getAttribute("aria-current") === "true")
    ?? null;
}

function settle(link) {
  for (const other of links()) other.tabIndex = other === link ? 0 : -1;
  last = link?.getAttribute("href") ?? null;
}

function focus(link) {
  if (!link) return false;
  settle(link);
  link.focus({ preventScroll: true });
  link.closest(".row").scrollIntoView({ block: "nearest" });
  if (list().dataset.listOpen === "move") link.click();
  return true;
}

function move(step) {
  const all = links();
  const from = all.indexOf(current());
  if (all.length === 0) return false;
  if (from < 0) return focus(all[step > 0 ? 0 : all.length - 1]);
  if (document.activeElement !== all[from] && !list().contains(document.activeElement) && all[from].getAttribute("aria-current") !== "true") return focus(all[from]);
  return focus(all[Math.min(Math.max(from + step, 0), all.length - 1)]);
}

function tell() {
  const chosen = [...(list()?.querySelectorAll(".row-select:checked") ?? [])].map((one) => one.value);
  list()?.dispatchEvent(new CustomEvent("list:selection", { bubbles: true, detail: { values: chosen } }));
  for (const bar of document.querySelectorAll("[data-selection]")) {
    bar.hidden = chosen.length === 0;
    const count = bar.querySelector("[data-selection-count]");
    if (count) count.textContent = (chosen.length === 1 ? count.dataset.one : count.dataset.many).replace("{n}", chosen.length);
  }
}

function select(link, range = false) {
  const mine = box(link);
  if (!mine) return false;
  const all = links();
  const from = range ? all.findIndex((one) => one.getAttribute("href") === anchor) : -1;
  const to = all.indexOf(link);
  if (from < 0) mine.checked = !mine.checked;
  else for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) box(one).checked = true;
  anchor = link.getAttribute("href");
  tell();
  return true;
}

function clear() {
  const chosen = [...(list()?.querySelectorAll(".row-select:checked") ?? [])];
  for (const one of chosen) one.checked = false;
  if (chosen.length > 0) tell();
  return chosen.length > 0;
}

bind("j", () => move(1));
bind("k", () => move(-1));
bind("Home", () => list()?.contains(document.activeElement) === true && focus(links()[0]));
bind("End", () => list()?.contains(document.activeElement) === true && focus(links().at(-1)));
bind("x", () => (current() ? select(current()) : false));
bind("Shift+x", () => (current() ? select(current(), true) : false));
bind("Enter", () => {
  const link = current();
  if (!link || ![document.body, link].includes(document.activeElement)) return false;
  link.click();
  return true;
});

/* Esc first empties the selection, before the page's own "back" hears it. */
document.addEventListener("keydown", (event) => {
  const busy = event.defaultPrevented || event.key !== "Escape" || document.querySelector("dialog:modal, :popover-open");
  if (!busy && !event.target.closest?.("input:not(.row-select), textarea, select") && clear()) event.preventDefault();
}, true);

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && event.target.matches?.("[data-list] .row-link") && move(step)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-list] .row-link");
  if (link && !event.ctrlKey && !event.metaKey) mark(link);
});
document.addEventListener("change", (event) => event.target.matches?.(".row-select") && tell());

function mark(link) {
  for (const other of links()) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  settle(link);
}

/* A swapped list keeps its place: the same row has the focus if the old one had it. */
let held = false;
document.addEventListener("htmx:before:swap", () => { held = list()?.contains(document.activeElement) ?? false; });
document.addEventListener("htmx:after:swap", () => {
  settle(current() ?? links()[0]);
  if (held && !list()?.contains(document.activeElement)) current()?.focus({ preventScroll: true });
  held = false;
});

settle(current() ?? links()[0]);
