// @ts-check
/**
 * A season's page: countdowns by the server's clock, the lobby, the calendar, and orders that are
 * sent again with the same key when an answer is lost. Without it the forms do the same.
 */

import { follow } from "../web/streams.js";
import { aheadMs, secondsLeft, timeLeft } from "./clock.js";
import { isOffered, takenIn } from "./days.js";
import { askAgainMs, isTurn, lobbyLines } from "./waiting.js";

const SEND_AGAIN_MAX = 8;
const STALE_MS = 5_000;

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-season]"));
if (root) {
  const ahead = aheadMs(root.dataset.now ?? "", Date.now());
  startCountdowns(root, ahead);
  startCalendar(root);
  startLobby(root);
  for (const form of root.querySelectorAll("form[data-order-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void send(/** @type {HTMLFormElement} */ (form));
    });
  }
}

/** @param {HTMLElement} page @param {number} ahead */
function startCountdowns(page, ahead) {
  const found = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-until]:not([data-stands-still])")]);
  if (!found.length) return;
  const tick = () => {
    for (const element of found) {
      const left = secondsLeft(element.dataset.until ?? "", Date.now(), ahead);
      element.textContent = timeLeft(left);
      if (left === 0 && element.dataset.then === "reload") {
        element.dataset.then = "";
        window.setTimeout(() => window.location.reload(), 200 + Math.random() * 1_500);
      }
    }
  };
  tick();
  window.setInterval(tick, 500);
}

/** @param {HTMLElement} page */
function startCalendar(page) {
  const calendar = /** @type {HTMLElement | null} */ (page.querySelector("[data-calendar]") ?? page.closest("[data-calendar]"));
  if (!calendar) return;
  /** @type {Map<string, import("./days.js").DayState>} */
  const known = new Map();
  const chosen = /** @type {HTMLInputElement | null} */ (calendar.querySelector("input[name=on]:checked"));
  const mine = chosen?.value ?? "";
  const doses = /** @type {HTMLInputElement | null} */ (page.querySelector("input[name=doses]"));
  const stale = /** @type {HTMLElement | null} */ (calendar.querySelector("[data-calendar-stale]"));
  const spoken = new Intl.NumberFormat(document.documentElement.lang);
  let heardMs = Date.now();
  /** @param {import("./days.js").DayState} day */
  const show = (day) => {
    const cell = calendar.querySelector(`[data-day="${day.on}"]`);
    if (!cell) return;
    cell.className = `day day--${day.state}`;
    put(cell, "[data-day-doses]", spoken.format(day.doses_left));
    put(cell, "[data-day-addresses]", spoken.format(day.addresses_left));
    offer(day);
  };
  /** @param {import("./days.js").DayState} day */
  const offer = (day) => {
    const input = /** @type {HTMLInputElement | null} */ (calendar.querySelector(`[data-day="${day.on}"] input`));
    if (!input) return;
    input.disabled = !isOffered(day, Number(doses?.value), day.on === mine) && !input.checked;
  };
  /** @param {import("./days.js").DayState[]} days */
  const hear = (days) => {
    heardMs = Date.now();
    for (const day of takenIn(known, days)) show(day);
  };
  doses?.addEventListener("input", () => known.forEach(offer));
  const address = calendar.dataset.address ?? "";
  const renew = async () => {
    const answer = await fetch(`${address}.json`).catch(() => null);
    if (answer?.ok) hear((await answer.json()).days);
  };
  follow(`${address}/stream`, "days", {
    hear: (event) => hear(JSON.parse(event.data).days),
    again: () => void renew(),
  });
  window.setInterval(() => {
    if (document.visibilityState === "visible" && Date.now() - heardMs > STALE_MS - 1_000) void renew();
    if (stale) stale.hidden = Date.now() - heardMs < 2 * STALE_MS;
  }, STALE_MS / 2);
}

/** Whether this page came by a reload: what it did not change, another will not either. */
function isReloaded() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "reload";
}

/** @param {HTMLElement} page */
function startLobby(page) {
  const lobby = /** @type {HTMLElement | null} */ (page.querySelector("[data-lobby]"));
  const button = /** @type {HTMLButtonElement | null} */ (lobby?.querySelector("[data-lobby-join]") ?? null);
  const template = /** @type {HTMLElement | null} */ (lobby?.querySelector("[data-lobby-words]") ?? null);
  if (!lobby || !button || !template) return;
  const address = `/lobby/${lobby.dataset.lobby}`;
  const words = /** @type {import("./waiting.js").Words} */ (/** @type {unknown} */ ({ ...template.dataset }));
  const spoken = new Intl.NumberFormat(document.documentElement.lang);
  const late = /** @type {HTMLElement | null} */ (lobby.querySelector("[data-lobby-late]"));
  let [faults, seen] = [0, ""];
  const ask = async () => {
    const answer = await fetch(`${address}/status${seen}`).catch(() => null);
    if (answer?.ok) {
      faults = 0;
      const status = /** @type {import("./waiting.js").Status} */ (await answer.json());
      if (isTurn(status.phase)) return window.location.reload();
      if (status.phase === "used" && !isReloaded()) return window.location.reload();
      if (status.place) seen = `?seen=${status.place}`;
      const [place, before, estimate] = lobbyLines(status, words, spoken.format);
      if (place) put(lobby, "[data-lobby-place]", place);
      put(lobby, "[data-lobby-ahead]", before);
      put(lobby, "[data-lobby-estimate]", estimate);
      button.hidden = !["expired", "left", "not_joined"].includes(status.phase);
      again(status.poll_after_s);
    } else {
      faults += 1;
      if (answer?.status === 403 || answer?.status === 410) return join();
      again(undefined);
    }
    if (late) late.hidden = faults < 2;
    return undefined;
  };
  /** @param {number | undefined} pollAfterS */
  const again = (pollAfterS) =>
    window.setTimeout(() => void ask(), askAgainMs({ pollAfterS: pollAfterS ?? 2, faults, chance: Math.random() }));
  const join = async () => {
    const nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const answer = await fetch(`${address}/join`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ nonce }),
    }).catch(() => null);
    if (answer?.ok) {
      button.hidden = true;
      faults = 0;
      void ask();
    } else {
      faults += 1;
      if (answer && answer.status !== 503) await tell(answer);
      else window.setTimeout(() => void join(), askAgainMs({ faults, chance: Math.random() }));
    }
  };
  button.addEventListener("click", () => void join());
  if (lobby.dataset.joined === "yes") void join();
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const fields = new FormData(form);
  /** @type {Record<string, string | number>} */
  const body = { key: String(fields.get("key")) };
  if (fields.has("doses")) {
    body.doses = Number(fields.get("doses"));
    body.on = String(fields.get("on") ?? "");
  }
  const buttons = /** @type {HTMLButtonElement[]} */ ([...form.querySelectorAll("button")]);
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  for (let attempt = 0; attempt < SEND_AGAIN_MAX; attempt += 1) {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (answer?.ok) return window.location.assign((await answer.json()).page);
    if (answer && answer.status < 500) {
      await tell(answer);
      break;
    }
    if (attempt === SEND_AGAIN_MAX - 1 && answer) await tell(answer);
    const afterS = Number(answer?.headers.get("Retry-After") ?? 1);
    await new Promise((done) => window.setTimeout(done, askAgainMs({ pollAfterS: afterS, faults: attempt && 1, chance: Math.random() })));
  }
  for (const button of buttons) button.removeAttribute("aria-disabled");
  return undefined;
}

/** @param {Response} answer */
async function tell(answer) {
  const holder = /** @type {HTMLElement | null} */ (document.querySelector("[data-said]"));
  if (!holder) return;
  const said = await answer.json().catch(() => ({ title: "" }));
  put(holder, "p", said.title);
  holder.hidden = false;
  holder.scrollIntoView({ block: "nearest" });
}

/** @param {Element} within @param {string} selector @param {string} text */
function put(within, selector, text) {
  const found = within.querySelector(selector);
  if (found && found.textContent !== text) found.textContent = text;
}

function token() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"));
  if (field) return field.value;
  const headers = document.body.getAttribute("hx-headers");
  return headers ? String(JSON.parse(headers)["X-CSRFToken"] ?? "") : "";
}
