/* Counts down to the moment a delivery leaves: <div data-undo data-until="ISO" data-from="ISO"> with [data-undo-left] and
   a progress. The server keeps the delay, so a reload changes nothing; at zero "undo:over" tells the page to refetch. */
const bars = () => document.querySelectorAll("[data-undo]");
const done = new WeakSet();
let timer = 0;

function draw(bar) {
  const until = Date.parse(bar.dataset.until);
  const left = Math.max(0, until - Date.now());
  const output = bar.querySelector("[data-undo-left]");
  const seconds = String(Math.ceil(left / 1000));
  if (output && output.textContent !== seconds) output.textContent = seconds;
  const progress = bar.querySelector("progress");
  if (progress) {
    progress.max = progress.max > 1 ? progress.max : Math.max(left, 1);
    progress.value = left;
  }
  if (left > 0 || done.has(bar)) return;
  done.add(bar);
  for (const button of bar.querySelectorAll("button")) button.disabled = true;
  bar.dispatchEvent(new CustomEvent("undo:over", { bubbles: true }));
}

function tick() {
  clearTimeout(timer);
  bars().forEach(draw);
  if ([...bars()].some((bar) => !done.has(bar))) timer = setTimeout(tick, 250);
}

document.addEventListener("htmx:after:swap", tick);
tick();
