/* Key to paint: for each handled key the time until the frame that shows its effect is painted, in window.hilftPerf
   as {key, ms, kind}: "swap" when the key fetched something, "local" when it did not. */
const KEEP = 500;
window.hilftPerf = [];
let pending = null;

function record(entry, kind) {
  window.hilftPerf.push({ key: entry.key, ms: performance.now() - entry.at, kind });
  if (window.hilftPerf.length > KEEP) window.hilftPerf.shift();
}

function painted(entry, kind) {
  requestAnimationFrame(() => requestAnimationFrame(() => record(entry, kind)));
}

/* A request may start while the key is still being handled, so counting begins with the press. Only what the key
   itself asked for counts: its click or its submitted form, not what the page fetches because of news. */
const OWN = ["click", "submit"];

document.addEventListener("keydown", (event) => {
  pending = { key: event.key, at: event.timeStamp, requests: new Set() };
}, true);

document.addEventListener("hilft:key", ({ detail }) => {
  const entry = pending ?? { at: detail.at, requests: new Set() };
  entry.key = detail.key;
  entry.handled = true;
  requestAnimationFrame(() => {
    if (entry.requests.size === 0) requestAnimationFrame(() => record(entry, "local"));
  });
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (OWN.includes(ctx.sourceEvent?.type)) pending?.requests.add(ctx);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!pending?.requests.has(ctx)) return;
  if (pending.handled) painted(pending, "swap");
  pending = null;
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (pending?.requests.has(ctx)) pending = null;
});
