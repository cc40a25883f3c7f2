// @ts-check
/**
 * One server-sent stream per address and page, shared by all who follow it, and only while the
 * page can be seen: a browser gives a site six connections over all its tabs, and a tab that
 * nobody looks at must not keep one. Who comes back is told to look again (`again`), since what
 * happened meanwhile was not heard; so is everybody when a stream was refused and later works.
 */

const HIDDEN_MS_MAX = 5_000;
const RETRY_MS_FIRST = 2_000;
const RETRY_MS_MAX = 60_000;

/** @typedef {{ hear: (event: MessageEvent) => void, again: () => void }} Follower */
/** @typedef {{ source: EventSource | null, refusals: number, heard: Map<string, Set<Follower>> }} Stream */

/** @type {Map<string, Stream>} */
const streams = new Map();

/**
 * How long to wait before a stream that was refused is asked for once more.
 * @param {number} refusals
 */
export function retryAfterMs(refusals) {
  return Math.min(RETRY_MS_FIRST * 2 ** Math.max(0, refusals - 1), RETRY_MS_MAX);
}

/**
 * Follow one kind of event of a stream; returns what ends it.
 * @param {string} address
 * @param {string} name
 * @param {Follower} follower
 * @returns {() => void}
 */
export function follow(address, name, follower) {
  let stream = streams.get(address);
  if (!stream) {
    stream = { source: null, refusals: 0, heard: new Map() };
    streams.set(address, stream);
  }
  const known = stream.heard.get(name);
  if (known) known.add(follower);
  else {
    stream.heard.set(name, new Set([follower]));
    if (stream.source) pass(stream, stream.source, name);
  }
  if (!stream.source && document.visibilityState === "visible") open(address, stream);
  const followed = stream;
  return () => {
    followed.heard.get(name)?.delete(follower);
    if ([...followed.heard.values()].every((some) => some.size === 0)) {
      close(followed);
      streams.delete(address);
    }
  };
}

/** @param {Stream} stream @param {EventSource} source @param {string} name */
function pass(stream, source, name) {
  source.addEventListener(name, (event) => {
    for (const follower of stream.heard.get(name) ?? []) follower.hear(/** @type {MessageEvent} */ (event));
  });
}

/** @param {string} address @param {Stream} stream */
function open(address, stream) {
  const source = new EventSource(address);
  stream.source = source;
  for (const name of stream.heard.keys()) pass(stream, source, name);
  source.addEventListener("open", () => {
    if (stream.refusals > 0) lookAgain(stream);
    stream.refusals = 0;
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED || stream.source !== source) return;
    stream.source = null;
    stream.refusals += 1;
    lookAgain(stream);
    setTimeout(() => {
      const isWanted = streams.get(address) === stream && document.visibilityState === "visible";
      if (isWanted && !stream.source) open(address, stream);
    }, retryAfterMs(stream.refusals));
  });
}

/** @param {Stream} stream */
function lookAgain(stream) {
  for (const some of stream.heard.values()) for (const follower of some) follower.again();
}

/** @param {Stream} stream */
function close(stream) {
  stream.source?.close();
  stream.source = null;
}

/** @param {Document} document */
function watchVisibility(document) {
  let later = 0;
  const closeAll = () => streams.forEach(close);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(later);
    if (document.visibilityState === "hidden") {
      later = window.setTimeout(closeAll, HIDDEN_MS_MAX);
      return;
    }
    streams.forEach((stream, address) => {
      if (stream.source) return;
      open(address, stream);
      lookAgain(stream);
    });
  });
  window.addEventListener("pagehide", closeAll);
}

if (typeof document !== "undefined") watchVisibility(document);
