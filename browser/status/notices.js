// @ts-check
/**
 * Notices and closures while people work: what changes at the desk is on open screens at once.
 *
 * Forms and buttons marked `data-function="campaigns.order"` are held while that function is
 * closed; the desk's sentence stands above them. The server refuses as well: this only tells.
 */

/** @typedef {{ function: string, text: string }} Closed */

/**
 * @param {readonly Closed[]} closed
 * @param {string} name
 * @returns {string | null} what to say instead, or nothing when it is open
 */
export function closedText(closed, name) {
  return closed.find((one) => one.function === name)?.text ?? null;
}

/**
 * Hold or free every part of the page that belongs to a function.
 *
 * @param {Document} page
 * @param {readonly Closed[]} closed
 */
export function holdFunctions(page, closed) {
  for (const part of page.querySelectorAll("[data-function]")) {
    if (!(part instanceof HTMLElement)) continue;
    const text = closedText(closed, part.dataset.function ?? "");
    part.inert = text !== null;
    const before = part.previousElementSibling;
    const said = before?.classList.contains("closed-here") ? before : null;
    if (text === null) {
      said?.remove();
      continue;
    }
    const place = said ?? page.createElement("p");
    place.className = "closed-here utrecht-alert utrecht-alert--warning";
    place.setAttribute("role", "status");
    if (place.textContent !== text) place.textContent = text;
    if (!said) part.before(place);
  }
}

/**
 * Fetch the notices anew and put them where they stand.
 *
 * @param {Document} page
 */
async function renew(page) {
  const place = page.getElementById("notices");
  if (!place) return;
  const answer = await fetch("/notices/", { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...found.body.childNodes);
}

/** @param {Document} page */
export function startNotices(page) {
  if (!page.getElementById("notices")) return;
  let isFirst = true;
  const stream = new EventSource("/status/notices/stream");
  stream.addEventListener("notices", (event) => {
    const said = JSON.parse(event.data);
    holdFunctions(page, said.closed);
    if (!isFirst) void renew(page);
    isFirst = false;
  });
  addEventListener("pagehide", () => stream.close());
}

if (typeof document !== "undefined") startNotices(document);
