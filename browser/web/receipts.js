// @ts-check
/**
 * Receipt lines stay true while one looks at them. The stream only says that something changed;
 * the words come as the line's own fragment, written in one place.
 */

import { follow } from "./streams.js";

/** @param {ParentNode} root */
export function startReceipts(root) {
  for (const found of root.querySelectorAll(".receipt[data-stream]:not([data-ready])")) {
    const line = /** @type {HTMLElement} */ (found);
    line.setAttribute("data-ready", "");
    const stop = follow(line.dataset.stream ?? "", line.dataset.event ?? "receipt", {
      hear: () => renewOrStop(),
      again: () => renewOrStop(),
    });
    const renewOrStop = () => {
      if (line.isConnected) void renew(line);
      else stop();
    };
  }
}

/** @param {HTMLElement} line */
async function renew(line) {
  const address = line.dataset.fragment;
  if (!address) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = made.querySelector(".receipt");
  if (!fresh || !line.isConnected) return;
  line.className = fresh.className;
  if (line.innerHTML !== fresh.innerHTML) line.replaceChildren(...fresh.childNodes);
}
