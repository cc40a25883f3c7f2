// @ts-check
/**
 * The public page's own clock: how old it is, in words, and the text written by hand beside it.
 *
 * Stands on its own: no import, so that the file can be copied next to the page anywhere.
 */

export const STOPPED_AFTER_S = 180;

/**
 * Say how old a page is, from sentences that the page brings in its own language.
 *
 * @param {number} ageS
 * @param {{ fresh: string, old: string, stopped: string }} words `{minutes}` is filled in
 * @returns {{ text: string, isStopped: boolean }}
 */
export function ageWords(ageS, words) {
  const minutes = Math.max(0, Math.floor(ageS / 60));
  const filled = (/** @type {string} */ text) => text.replace("{minutes}", String(minutes));
  if (ageS > STOPPED_AFTER_S) return { text: filled(words.stopped), isStopped: true };
  return { text: minutes < 1 ? filled(words.fresh) : filled(words.old), isStopped: false };
}

/** @param {Document} page */
function sayAge(page) {
  const age = page.getElementById("age");
  if (!age) return;
  const { made = "", fresh = "", old = "", stopped = "" } = age.dataset;
  const said = ageWords((Date.now() - Date.parse(made)) / 1000, { fresh, old, stopped });
  if (age.textContent !== said.text) age.textContent = said.text;
  age.classList.toggle("stopped", said.isStopped);
}

/**
 * Show `notice.txt`: written from a shell, it may be newer than the page.
 *
 * @param {Document} page
 */
async function sayByHand(page) {
  const hand = page.getElementById("hand");
  if (!hand) return;
  try {
    const answer = await fetch("notice.txt", { cache: "no-store" });
    const text = answer.ok ? (await answer.text()).trim().slice(0, 2000) : "";
    if (!answer.ok && answer.status !== 404) return;
    hand.textContent = text;
    hand.hidden = text === "";
  } catch {
    // No connection: what the page says stays.
  }
}

/**
 * Take in what the page says now, without loading it anew under somebody who is reading.
 *
 * @param {Document} page
 */
async function renew(page) {
  try {
    const answer = await fetch(page.location.href, { cache: "no-cache" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [was, is] = [page.querySelector("main"), fresh.querySelector("main")];
    if (!was || !is) return;
    was.replaceWith(is);
    page.title = fresh.title;
    sayAge(page);
  } catch {
    // No connection: what the page says stays, and its age says how old it is.
  }
}

if (typeof document !== "undefined") {
  sayAge(document);
  sayByHand(document);
  setInterval(() => sayAge(document), 5000);
  setInterval(() => sayByHand(document), 30000);
  setInterval(() => renew(document), 60000);
}
