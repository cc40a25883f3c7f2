// @ts-check
/**
 * Receipt lines stay true while one looks at them. All lines of one stream share one connection;
 * when the stream does not work, the line's fragment is fetched, less and less often.
 */

const FETCH_MS_FIRST = 2_000;
const FETCH_MS_MAX = 30_000;

/** @type {Map<string, EventSource>} */
const streams = new Map();

/**
 * How long to wait before fetching a line once more.
 * @param {number} times how often it was fetched already
 */
export function fetchAfterMs(times) {
  return Math.min(FETCH_MS_FIRST * 2 ** times, FETCH_MS_MAX);
}

/** @param {ParentNode} root */
export function startReceipts(root) {
  for (const line of root.querySelectorAll(".receipt[data-stream]:not([data-ready])")) {
    line.setAttribute("data-ready", "");
    listen(/** @type {HTMLElement} */ (line));
  }
}

/** @param {HTMLElement} line */
function listen(line) {
  const address = line.dataset.stream ?? "";
  const name = line.dataset.event ?? "receipt";
  let stream = streams.get(address);
  if (!stream) {
    stream = new EventSource(address);
    streams.set(address, stream);
    window.addEventListener("pagehide", () => stream?.close(), { once: true });
  }
  /** @param {MessageEvent} event */
  const hear = (event) => {
    if (line.isConnected) return refresh(line, event);
    stream?.removeEventListener(name, hear);
  };
  stream.addEventListener(name, hear);
  stream.addEventListener("error", () => {
    if (stream?.readyState === EventSource.CLOSED) poll(line, 0);
  });
}

/**
 * The stream only says that something changed; the words come as a fragment, in one place.
 * @param {HTMLElement} line
 * @param {MessageEvent | null} _event
 */
async function refresh(line, _event) {
  const address = line.dataset.fragment;
  if (!address) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  const fresh = made.content.querySelector(".receipt");
  if (!(fresh instanceof HTMLElement) || !line.isConnected) return;
  line.className = fresh.className;
  if (line.innerHTML !== fresh.innerHTML) line.replaceChildren(...fresh.childNodes);
}

/** @param {HTMLElement} line @param {number} times */
function poll(line, times) {
  window.setTimeout(async () => {
    if (!line.isConnected) return;
    await refresh(line, null);
    poll(line, times + 1);
  }, fetchAfterMs(times));
}
