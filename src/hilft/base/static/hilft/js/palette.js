/* The command palette: every data-command of the page, then what the server finds for the words typed. */
import { bind } from "./keys.js";

const dialog = document.querySelector("[data-palette]");
const input = dialog?.querySelector("input");
const options = dialog?.querySelector(".palette-options");
const WAIT = 120;
let at = 0;
let timer = 0;
let asked = 0;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const fits = (text, words) => words.every((word) => fold(text).includes(word));

function label(element) {
  if (element.dataset.command) return element.dataset.command;
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll(".keys, .nav-count, svg")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

/* The navigation stands in a page twice, for wide and for narrow windows: a link once is enough. */
const commands = () => [...document.querySelectorAll("[data-command]")]
  .filter((element) => !element.matches(":disabled"))
  .filter((element, place, all) => !element.href || all.findIndex((other) => other.href === element.href) === place)
  .map((element) => ({ title: label(element), keys: element.dataset.key, group: dialog.dataset.group, run: () => element.click() }));

function option(item, index) {
  const row = Object.assign(document.createElement("div"), { className: "palette-option", id: `palette-option-${index}` });
  row.setAttribute("role", "option");
  row.append(Object.assign(document.createElement("span"), { textContent: item.title }));
  if (item.hint) row.append(Object.assign(document.createElement("small"), { textContent: item.hint }));
  if (item.keys) row.append(Object.assign(document.createElement("kbd"), { className: "key", textContent: item.keys }));
  row.addEventListener("click", () => choose(item));
  row.addEventListener("pointermove", () => point(index));
  return row;
}

function draw(items) {
  options.replaceChildren();
  let group = null;
  items.forEach((item, index) => {
    if (item.group !== group) {
      group = item.group;
      const title = Object.assign(document.createElement("div"), { className: "palette-group", textContent: group ?? "" });
      title.setAttribute("role", "presentation");
      options.append(title);
    }
    options.append(option(item, index));
  });
  dialog.querySelector(".palette-empty").hidden = items.length > 0;
  const words = items.length === 1 ? dialog.dataset.countOne : items.length ? dialog.dataset.countMany : dialog.dataset.countNone;
  document.getElementById("status").textContent = words.replace("{n}", items.length);
  point(0);
}

function point(index) {
  const rows = [...options.querySelectorAll("[role=option]")];
  at = rows.length ? (index + rows.length) % rows.length : 0;
  rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
  input.setAttribute("aria-activedescendant", rows[at]?.id ?? "");
  rows[at]?.scrollIntoView({ block: "nearest" });
}

function choose(item) {
  dialog.close();
  if (item.url) location.assign(item.url);
  else item.run();
}

async function search() {
  const words = fold(input.value).split(/\s+/).filter(Boolean);
  const mine = commands().filter((item) => fits(item.title, words));
  const turn = ++asked;
  draw(mine);
  clearTimeout(timer);
  if (words.length === 0 || !dialog.dataset.url) return;
  timer = setTimeout(async () => {
    const answer = await fetch(`${dialog.dataset.url}?${new URLSearchParams({ q: input.value })}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const found = answer?.ok ? await answer.json() : [];
    if (turn === asked && dialog.open) draw([...mine, ...found]);
  }, WAIT);
}

function open(text = "") {
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  input.value = text;
  input.focus();
  search();
  return true;
}

input?.addEventListener("input", search);
input?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) point(at + step);
  else if (event.key === "Enter" && options.querySelector("[aria-selected=true]")) options.querySelector("[aria-selected=true]").click();
  else if (event.key === "Enter") searchEverything();
  else return;
  event.preventDefault();
});

function searchEverything() {
  const field = document.querySelector("[data-palette-open]");
  field.value = input.value;
  field.form.requestSubmit();
}

bind("Mod+k", () => open());
document.addEventListener("click", (event) => event.target.matches?.("[data-palette-open]") && open(event.target.value));
document.addEventListener("input", (event) => event.target.matches?.("[data-palette-open]") && open(event.target.value));
