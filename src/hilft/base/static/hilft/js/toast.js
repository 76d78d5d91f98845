/* Short messages: from the server's "toast" event (HX-Trigger), from failed requests, or already in the page. */
const STAY = 6000;
const home = document.querySelector("[data-toasts]");

/** Shows a text for a while and says it in the matching live region; tone "", "success", "warning" or "error". */
export function toast(text, tone = "") {
  if (!home) return;
  const box = Object.assign(document.createElement("div"), { className: `toast${tone ? ` toast-${tone}` : ""}` });
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  home.append(box);
  say(text, tone === "error");
  leave(box);
}

/** Puts a text into the live region; status is batched so that many changes become one utterance. */
let waiting = [];
let timer = 0;
export function say(text, urgent = false) {
  if (urgent) {
    document.getElementById("alert").textContent = text;
    return;
  }
  waiting.push(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    document.getElementById("status").textContent = waiting.join(" ");
    waiting = [];
  }, 300);
}

function leave(box) {
  let left = setTimeout(() => box.remove(), STAY);
  const hold = () => clearTimeout(left);
  const go = () => { left = setTimeout(() => box.remove(), STAY / 2); };
  box.addEventListener("pointerenter", hold);
  box.addEventListener("pointerleave", go);
  box.addEventListener("focusin", hold);
  box.addEventListener("focusout", go);
}

document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value ?? String(detail), detail.tone));
document.addEventListener("hilft:say", ({ detail }) => say(detail.text, detail.urgent));

document.addEventListener("htmx:error", ({ detail }) => {
  if (detail?.ctx) toast(home.dataset.offline, "error");
});
document.addEventListener("htmx:response:error", ({ detail }) => {
  if (detail.ctx.response.status >= 500) toast(home.dataset.broken, "error");
});

for (const box of home?.querySelectorAll("[data-toast]") ?? []) {
  say(box.textContent.trim(), box.matches(".toast-error"));
  if (!box.matches(".toast-error")) leave(box);
}
