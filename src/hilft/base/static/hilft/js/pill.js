/* "3 new": collects news of a topic and shows it only when asked, so that nothing moves under pointer or focus.
   <button data-pill data-topic="list" data-one data-many hidden>; its click sends "list:refresh" to body. */
const pills = () => document.querySelectorAll("[data-pill]");

function show(pill, count) {
  pill.dataset.count = count;
  pill.hidden = count === 0;
  const text = (count === 1 ? pill.dataset.one : pill.dataset.many).replace("{n}", count);
  pill.querySelector("span").textContent = text;
}

/* With data-pill="auto" an untouched list may renew itself: no pointer on it, no focus in it, nothing selected.
   An empty list has no rows to move. */
function untouched(pill) {
  const pane = pill.closest(".pane") ?? document.querySelector("[data-list]");
  return pill.dataset.pill === "auto" && pane && !pane.matches(":hover, :focus-within") && !pane.querySelector("input:checked") && pane.scrollTop === 0;
}

function refresh(pill) {
  renewed = performance.now();
  show(pill, 0);
  document.body.dispatchEvent(new CustomEvent(`${pill.dataset.topic}:refresh`, { bubbles: true }));
}

/* In a burst the list renews itself once in a while, the last time after the last news. */
const REST = 700;
const waiting = new Map();
let renewed = -REST;

function renew(topic) {
  const details = waiting.get(topic);
  waiting.delete(topic);
  const pill = [...pills()].find((one) => one.dataset.topic === topic && untouched(one));
  if (pill) refresh(pill);
  else for (const detail of details) news(topic, detail);
}

function postpone(topic, detail) {
  if (!waiting.has(topic)) {
    waiting.set(topic, []);
    setTimeout(renew, Math.max(renewed + REST - performance.now(), 0), topic);
  }
  waiting.get(topic).push(detail);
}

const seen = new WeakMap();

function watch() {
  for (const pill of pills()) {
    if (seen.has(pill)) continue;
    seen.set(pill, new Set());
    if (pill.dataset.count) show(pill, Number(pill.dataset.count));
  }
}

function news(topic, detail) {
  for (const pill of pills()) {
    if (pill.dataset.topic !== topic) continue;
    if (untouched(pill)) {
      postpone(topic, detail);
      continue;
    }
    const known = seen.get(pill) ?? new Set();
    const name = detail?.id ?? detail?.conversation ?? Symbol("news");
    if (known.has(name)) continue;
    known.add(name);
    seen.set(pill, known);
    show(pill, Number(pill.dataset.count || 0) + 1);
  }
}

const listening = new Set();

function listen() {
  watch();
  for (const { dataset: { topic } } of pills()) {
    if (listening.has(topic)) continue;
    listening.add(topic);
    document.body.addEventListener(`live:${topic}`, (event) => news(topic, event.detail));
  }
}

document.addEventListener("click", (event) => {
  const pill = event.target.closest?.("[data-pill]");
  if (!pill) return;
  seen.set(pill, new Set());
  refresh(pill);
});
document.addEventListener("htmx:after:swap", listen);
document.body.addEventListener("live:resume", () => {
  for (const { dataset: { topic } } of pills()) news(topic, { id: "resume" });
});
listen();
