/* Who looks and who types: while the page is visible, [data-presence-url] hears a beat every 20 s, and at once on typing. */
import { post } from "./csrf.js";

const BEAT = 20_000;
const QUIET = 8_000;
let typedAt = 0;
let state = "";
let sentAt = 0;

const place = () => document.querySelector("[data-presence-url]");

function beat() {
  const target = place();
  if (!target || document.hidden) {
    state = "";
    return;
  }
  const now = Date.now();
  const doing = now - typedAt < QUIET ? "typing" : "viewing";
  const news = `${target.dataset.presenceUrl} ${doing}`;
  if (news === state && now - sentAt < BEAT) return;
  state = news;
  sentAt = now;
  post(target.dataset.presenceUrl, { state: doing }).catch(() => { state = ""; });
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-composer-text]")) return;
  typedAt = Date.now();
  beat();
});
document.addEventListener("htmx:after:swap", beat);
document.addEventListener("visibilitychange", beat);
setInterval(beat, 2_000);
beat();
