// @ts-check
/** What a person opened stays open when a part of the page is renewed under their eyes. */

/**
 * @param {ParentNode} root
 * @returns {string[]} ids of what is open; what has no id cannot be found again
 */
export function openIds(root) {
  return [...root.querySelectorAll("details[open][id]")].map((found) => found.id);
}

/**
 * @param {Document} page
 * @param {string[]} ids
 */
export function openAgain(page, ids) {
  for (const id of ids) page.getElementById(id)?.setAttribute("open", "");
}

/** @param {Document} page */
export function startDetails(page) {
  /** @type {string[]} */
  let open = [];
  page.addEventListener("htmx:beforeSwap", () => (open = openIds(page)));
  page.addEventListener("htmx:afterSwap", () => openAgain(page, open));
}
