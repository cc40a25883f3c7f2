// @ts-check
/** Colours and density at once, without loading the page anew; the cookie keeps the choice. */

const YEAR_S = 365 * 24 * 3600;

/**
 * The cookie that keeps a choice; the device's own choice is kept by having none.
 * @param {string} name
 * @param {string} value
 * @param {string} plain the value that means "as it comes"
 */
export function cookieOf(name, value, plain) {
  const age = value === plain ? 0 : YEAR_S;
  return `standvast_${name}=${value}; Max-Age=${age}; Path=/; SameSite=Lax`;
}

/** @param {Document} document */
export function startScreen(document) {
  const kinds = [
    { name: "theme", plain: "auto" },
    { name: "density", plain: "comfortable" },
  ];
  for (const { name, plain } of kinds) {
    const buttons = [...document.querySelectorAll(`[data-${name}-choice]`)];
    for (const button of buttons) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        const value = button.getAttribute(`data-${name}-choice`) ?? plain;
        document.cookie = cookieOf(name, value, plain);
        if (value === plain) delete document.documentElement.dataset[name];
        else document.documentElement.dataset[name] = value;
        for (const other of buttons) other.removeAttribute("aria-current");
        button.setAttribute("aria-current", "true");
        document.dispatchEvent(new Event("standvast:screen"));
      });
    }
  }
}
