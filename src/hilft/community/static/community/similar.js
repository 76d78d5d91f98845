/* Similar questions while a guest types their own; without this module the next page shows them. */
const PAUSE = 350;
const field = document.querySelector("[data-similar]");
const place = document.getElementById("similar");
const url = field?.form.dataset.similarUrl;
const seen = Object.assign(document.createElement("input"), { type: "hidden", name: "on", value: "1", disabled: true });
field?.form.append(seen);
let timer;
let asked;

/** Who has seen the list here need not see it again on the next page. */
function show(rows) {
  place.innerHTML = rows;
  seen.disabled = !rows.trim();
}

async function look() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`${url}?${new URLSearchParams({ title: field.value })}`, { signal: asked.signal });
    if (answer.ok) show(await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren();
  }
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  seen.disabled = true;
  timer = setTimeout(look, PAUSE);
});
