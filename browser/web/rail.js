// @ts-check
/** The rail: on a phone a bar that scrolls sideways, where the page one is on comes into view. */

/** @param {Document} document */
export function startRail(document) {
  const rail = document.querySelector(".rail");
  const here = rail?.querySelector("[aria-current]");
  if (!rail || !(here instanceof HTMLElement) || rail.scrollWidth <= rail.clientWidth) return;
  rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
}
