// @ts-check
/** Say at once when the connection is gone, and take it back when it returns. */

/** @param {Window} window */
export function startConnection(window) {
  const bar = window.document.getElementById("offline");
  if (!bar) return;
  const show = () => {
    bar.hidden = window.navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  window.document.addEventListener("htmx:sendError", () => {
    bar.hidden = false;
  });
  window.document.addEventListener("htmx:afterRequest", (event) => {
    const detail = /** @type {CustomEvent} */ (event).detail;
    if (detail && detail.successful) bar.hidden = true;
  });
  show();
}
