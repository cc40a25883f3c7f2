// @ts-check
/** How much time is left, by the server's clock. Pure. */

/**
 * Milliseconds by which the server's clock is ahead of this one.
 * @param {string} serverNow
 * @param {number} hereMs
 */
export function aheadMs(serverNow, hereMs) {
  const found = Date.parse(serverNow);
  return Number.isNaN(found) ? 0 : found - hereMs;
}

/**
 * Whole seconds until an instant, never below zero.
 * @param {string} until
 * @param {number} hereMs
 * @param {number} ahead
 */
export function secondsLeft(until, hereMs, ahead) {
  const end = Date.parse(until);
  if (Number.isNaN(end)) return 0;
  return Math.max(0, Math.ceil((end - hereMs - ahead) / 1_000));
}

/**
 * Time left as people read it: 4:59, 1:02:03.
 * @param {number} seconds
 */
export function timeLeft(seconds) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
