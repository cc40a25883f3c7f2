// @ts-check
/** Keys that work on every page: `/` goes to search, `?` shows the keys. */

/**
 * Whether a key typed here is text, not a command.
 * @param {{ tagName?: string, isContentEditable?: boolean, type?: string } | null} target
 */
export function isTyping(target) {
  if (!target) return false;
  if (target.isContentEditable) return true;
  const name = (target.tagName ?? "").toLowerCase();
  if (name === "textarea" || name === "select") return true;
  return name === "input" && !["checkbox", "radio", "button", "submit"].includes(target.type ?? "");
}

/**
 * What a key means outside a text field.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} event
 * @returns {"search" | "keys" | null}
 */
export function meaning(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === "/") return "search";
  if (event.key === "?") return "keys";
  return null;
}

/** @param {Document} document */
export function startKeys(document) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));
  document.addEventListener("keydown", (event) => {
    if (isTyping(/** @type {HTMLElement | null} */ (event.target))) return;
    const wanted = meaning(event);
    if (wanted === "search") {
      const field = /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"));
      if (!field) return;
      event.preventDefault();
      field.focus();
    } else if (wanted === "keys" && dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
  });
  for (const button of document.querySelectorAll("[data-keys]")) {
    if (!(button instanceof HTMLElement) || !dialog) continue;
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
}
