// @ts-check
/** When to ask the lobby again, and what to say of its answer. Pure. */

export const ASK_MS_MIN = 1_000;
export const ASK_MS_MAX = 30_000;

/**
 * Milliseconds until the next question: what the lobby asks for, later after faults, never in step
 * with everybody else.
 * @param {{ pollAfterS?: number, faults: number, chance: number }} given
 */
export function askAgainMs({ pollAfterS = 2, faults, chance }) {
  const base = faults > 0 ? ASK_MS_MIN * 2 ** Math.min(faults, 6) : pollAfterS * 1_000;
  const bounded = Math.min(ASK_MS_MAX, Math.max(ASK_MS_MIN, base));
  return Math.round(bounded * (0.8 + 0.4 * chance));
}

/**
 * Put numbers into a sentence: `{count} practices are before you.`
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @typedef {{ phase: string, place?: number | null, ahead_count?: number | null,
 *   estimate_s?: number | null, estimate_reliable?: boolean, gathered_count?: number | null,
 *   poll_after_s?: number }} Status
 * @typedef {{ place: string, gathering: string, ahead: string, estimate: string, unsure: string,
 *   expired: string, alone?: string, next?: string, one?: string }} Words
 */

/**
 * What to show of a status: three lines, empty ones say nothing.
 * @param {Status} status
 * @param {Words} words
 * @param {(value: number) => string} spoken
 */
export function lobbyLines(status, words, spoken) {
  if (status.phase === "gathering" || status.phase === "before_doors") {
    const count = status.gathered_count ?? 1;
    const said = count > 1 ? words.gathering : (words.alone ?? words.gathering);
    return [filled(said, { count: spoken(count) }), "", ""];
  }
  if (status.phase === "expired" || status.phase === "left") return [words.expired, "", ""];
  if (status.phase !== "waiting") return ["", "", ""];
  const ahead = status.ahead_count ?? Math.max(0, (status.place ?? 1) - 1);
  const known = typeof status.estimate_s === "number" && status.estimate_reliable === true;
  const minutes = Math.max(1, Math.ceil((status.estimate_s ?? 0) / 60));
  return [
    filled(words.place, { place: spoken(status.place ?? 0) }),
    filled((ahead === 0 ? words.next : ahead === 1 ? words.one : "") || words.ahead, { count: spoken(ahead) }),
    known ? filled(words.estimate, { minutes: spoken(minutes) }) : words.unsure,
  ];
}

/**
 * Whether the page should be fetched anew: it is this practice's turn.
 * @param {string} phase
 */
export function isTurn(phase) {
  return phase === "admitted";
}
