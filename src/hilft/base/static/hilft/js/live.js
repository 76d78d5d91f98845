/* One stream of server-sent events per page: <meta name="live-url" content data-since data-topics="list thread">. It begins
   with what changed since the page was read. Each event becomes "live:<topic>" on body; a page hidden for a minute lets go and says "live:resume" when it is back, to be fetched anew. */
const meta = document.querySelector('meta[name="live-url"]');
const topics = (meta?.dataset.topics ?? "list thread presence approvals corrections").split(/\s+/);
const HIDDEN = 60_000;
const LONGEST = 30_000;
let source = null;
let lastId = meta?.dataset.since ?? "";
let wait = 1000;
let timer = 0;
let paused = false;
let opened = false;

function show(state) {
  for (const chip of document.querySelectorAll("[data-connection]")) {
    if (chip.dataset.state === state) continue;
    chip.dataset.state = state;
    chip.firstElementChild.textContent = chip.dataset[state];
    chip.classList.toggle("chip-ok", state === "open");
    chip.classList.toggle("chip-danger", state === "lost");
    chip.classList.toggle("chip-outline", state !== "open" && state !== "lost");
  }
}

function dispatch(topic, data) {
  document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { bubbles: true, detail: data }));
}

function receive(event) {
  if (event.lastEventId) lastId = event.lastEventId;
  let data = event.data;
  try {
    data = JSON.parse(event.data);
  } catch { /* plain text is fine */ }
  const topic = event.type === "message" ? data?.topic : event.type;
  if (topic) dispatch(topic, data?.data ?? data);
}

function connect() {
  clearTimeout(timer);
  const url = new URL(meta.content, location.href);
  if (lastId) url.searchParams.set("last_event_id", lastId);
  source = new EventSource(url, { withCredentials: true });
  source.addEventListener("open", () => {
    show("open");
    wait = 1000;
    if (opened) dispatch("resume", { lastId });
    opened = true;
  });
  source.addEventListener("message", receive);
  for (const topic of topics) source.addEventListener(topic, receive);
  source.addEventListener("error", lost);
}

/* The browser reconnects by itself with Last-Event-ID; only a refused stream is left to us, with growing patience. */
function lost() {
  show(navigator.onLine ? "connecting" : "lost");
  if (source?.readyState !== EventSource.CLOSED) return;
  show("lost");
  timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, LONGEST);
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

let hiding = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(() => {
      paused = true;
      close();
      show("paused");
    }, HIDDEN);
  } else if (paused) {
    paused = false;
    connect();
  }
});

if (meta?.content) {
  connect();
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && connect());
  addEventListener("online", () => {
    close();
    connect();
  });
  addEventListener("offline", () => show("lost"));
}
