/* The composer: counts by the network's rule, saves by itself, takes in a suggestion, warns before work is lost. */
import { bytes, count } from "./count.js";
import { post } from "./csrf.js";

const PAUSE = 800;
const NEAR = 0.9;
const states = new WeakMap();
const forms = () => document.querySelectorAll("[data-composer]");
const field = (form) => form.querySelector("[data-composer-text]");
const number = (text) => (text ? Number(text) : null);

function say(form, state) {
  const place = form.querySelector("[data-composer-state]");
  if (!place || place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = form.dataset[state] ?? "";
}

function measure(form) {
  const { unit, limit, bytes: most, urlCost, prefix = "", suffix = "" } = form.dataset;
  const text = prefix + field(form).value + suffix;
  const used = count(text, unit, number(urlCost));
  const over = (limit && used > Number(limit)) || (most && bytes(text) > Number(most));
  const state = over ? "over" : limit && used > Number(limit) * NEAR ? "near" : "fine";
  for (const output of form.querySelectorAll("[data-composer-count]")) {
    output.textContent = limit ? `${used} / ${limit}` : String(used);
    output.dataset.state = state;
  }
  field(form).setAttribute("aria-invalid", String(state === "over"));
}

async function save(form, options) {
  const mine = states.get(form);
  const url = form.dataset.autosaveUrl;
  if (!mine?.dirty || !url) return;
  clearTimeout(mine.timer);
  const text = field(form).value;
  say(form, "saving");
  const answer = await post(url, new FormData(form), options).catch(() => null);
  mine.dirty = !answer?.ok || field(form).value !== text;
  say(form, answer?.ok ? "saved" : "failed");
  if (!answer?.ok) mine.timer = setTimeout(() => save(form), PAUSE * 6);
  else if (form.isConnected) await deliver(form, answer);
}

/* What the server says about the text (changed share, personal data, preview) is swapped into data-autosave-target. */
async function deliver(form, answer) {
  const target = form.dataset.autosaveTarget;
  if (target && answer.headers.get("content-type")?.startsWith("text/html")) {
    await window.htmx?.swap({ sourceElement: form, target, text: await answer.text(), swap: "innerHTML" });
  }
  form.dispatchEvent(new CustomEvent("composer:saved", { bubbles: true }));
}

function changed(form) {
  const mine = states.get(form);
  mine.dirty = true;
  measure(form);
  say(form, "unsaved");
  clearTimeout(mine.timer);
  mine.timer = setTimeout(() => save(form), PAUSE);
}

/* Replaces what was inserted before, or an empty text; what a person wrote stays and gets it at the cursor. Undoable. */
function insert(form, button) {
  const area = field(form);
  const mine = states.get(form);
  const text = button.dataset.insert ?? document.getElementById(button.dataset.insertFrom)?.content.textContent.trim() ?? "";
  area.focus();
  if (area.value.trim() === "" || area.value === mine.inserted) area.select();
  const gap = area.selectionStart > 0 && /\S/.test(area.value[area.selectionStart - 1]) ? " " : "";
  if (!document.execCommand("insertText", false, gap + text)) area.setRangeText(gap + text, area.selectionStart, area.selectionEnd, "end");
  mine.inserted = area.value;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.insertFields ?? "{}"))) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  for (const other of document.querySelectorAll(".suggestion")) other.classList.toggle("is-used", other.contains(button));
  changed(form);
  form.dispatchEvent(new CustomEvent("composer:inserted", { bubbles: true, detail: { button } }));
}

function start() {
  for (const form of forms()) {
    if (states.has(form) || !field(form)) continue;
    states.set(form, { dirty: false, inserted: "pristine" in form.dataset ? field(form).value : null, timer: 0 });
    measure(form);
    form.addEventListener("input", (event) => event.target.name && changed(form));
    form.addEventListener("submit", () => { states.get(form).dirty = false; });
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert], [data-insert-from]");
  const form = button && (document.getElementById(button.dataset.composerId) ?? [...forms()].find((one) => one.checkVisibility()));
  if (form) insert(form, button);
});
document.addEventListener("htmx:before:swap", () => forms().forEach((form) => save(form, { keepalive: true })));
document.addEventListener("htmx:after:swap", start);
document.addEventListener("visibilitychange", () => document.hidden && forms().forEach((form) => save(form, { keepalive: true })));
addEventListener("beforeunload", (event) => {
  if ([...forms()].some((form) => states.get(form)?.dirty)) event.preventDefault();
});
start();
