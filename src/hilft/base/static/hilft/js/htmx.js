/* htmx under a strict Content-Security-Policy: configured by its meta tag, with our CSRF header and preloading. */
import htmx from "../vendor/htmx/htmx.esm.min.js";
import "../vendor/htmx/hx-preload.min.js";
import { token } from "./csrf.js";

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const safe = ["GET", "HEAD"].includes(ctx.request.method.toUpperCase());
  if (!safe && new URL(ctx.request.action, location.href).origin === location.origin) {
    ctx.request.headers["X-CSRFToken"] = token();
  }
});

export default htmx;
