/* The one place that knows how a request proves that it comes from our page. */
export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Posts a form's data (FormData, URLSearchParams or a plain object); survives leaving the page. */
export function post(url, data, options = {}) {
  const body = data instanceof FormData || data instanceof URLSearchParams ? data : new URLSearchParams(data);
  return fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "text/html, application/json" },
    ...options,
  });
}
