// @ts-check
/**
 * Goes on by itself to where the page hands somebody over: the form is handed in, or the address
 * opened. It begins before the page has loaded, so that "back" leads to where the person clicked.
 * Without JavaScript they press the button.
 */

const there = document.querySelector("[data-go]");
if (there instanceof HTMLFormElement) there.submit();
if (there instanceof HTMLAnchorElement) window.location.replace(there.href);
