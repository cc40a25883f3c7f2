// @ts-check
/** What the calendar shows of a day. Pure. */

/**
 * @typedef {{ on: string, doses_left: number, addresses_left: number, state: string, version: number }} DayState
 */

/**
 * Take in what changed; an older version never replaces a newer one.
 * @param {Map<string, DayState>} known
 * @param {DayState[]} changed
 * @returns {DayState[]} the days whose look must change
 */
export function takenIn(known, changed) {
  const moved = [];
  for (const day of changed) {
    const before = known.get(day.on);
    if (before && before.version > day.version) continue;
    known.set(day.on, day);
    if (!before || before.state !== day.state || before.doses_left !== day.doses_left
      || before.addresses_left !== day.addresses_left) moved.push(day);
  }
  return moved;
}

/**
 * Whether a day can be chosen for so many doses; the day one holds already stays open to oneself.
 * @param {DayState} day
 * @param {number} doses
 * @param {boolean} isMine
 */
export function isOffered(day, doses, isMine) {
  return isMine || (day.state === "open" && day.doses_left >= Math.max(1, doses || 1));
}
