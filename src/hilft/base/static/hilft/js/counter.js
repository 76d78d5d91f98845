/* How long a field's text is while typing: <textarea data-counter="id of output" data-counter-limit data-counter-unit>. */
import { count } from "./count.js";

const NEAR = 0.9;

function measure(field) {
  const { counter, counterLimit, counterUnit } = field.dataset;
  const output = document.getElementById(counter);
  if (!output) return;
  const used = count(field.value, counterUnit);
  const limit = Number(counterLimit);
  output.textContent = `${used} / ${limit}`;
  output.dataset.state = used > limit ? "over" : used > limit * NEAR ? "near" : "fine";
}

const start = () => document.querySelectorAll("[data-counter]").forEach(measure);

document.addEventListener("input", ({ target }) => target.matches?.("[data-counter]") && measure(target));
document.addEventListener("htmx:after:swap", start);
start();
