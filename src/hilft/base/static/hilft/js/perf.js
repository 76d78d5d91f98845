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

/* A request may start while the key is still being handled, so counting begins with the press. */
document.addEventListener("keydown", (event) => {
  pending = { key: event.key, at: event.timeStamp, requests: 0 };
}, true);

document.addEventListener("hilft:key", ({ detail }) => {
  const entry = pending ?? { at: detail.at, requests: 0 };
  entry.key = detail.key;
  entry.handled = true;
  requestAnimationFrame(() => {
    if (entry.requests === 0) requestAnimationFrame(() => record(entry, "local"));
  });
});

document.addEventListener("htmx:before:request", () => {
  if (pending) pending.requests += 1;
});
document.addEventListener("htmx:after:swap", () => {
  if (pending?.handled && pending.requests > 0) painted(pending, "swap");
  pending = null;
});
document.addEventListener("htmx:error", () => { pending = null; });
