// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { aheadMs, secondsLeft, timeLeft } from "./clock.js";
import { isOffered, takenIn } from "./days.js";
import { ASK_MS_MAX, askAgainMs, filled, isTurn, lobbyLines } from "./waiting.js";

const words = {
  place: "Place {place}.", gathering: "Here with {count}.", ahead: "{count} before you.",
  estimate: "About {minutes} min.", unsure: "Unknown.", expired: "Over.",
};

test("time left follows the server's clock, not this one", () => {
  const here = Date.parse("2026-06-01T00:00:00Z");
  const ahead = aheadMs("2026-06-01T00:00:30Z", here);
  assert.equal(secondsLeft("2026-06-01T00:05:30Z", here, ahead), 300);
  assert.equal(secondsLeft("2026-06-01T00:00:10Z", here, ahead), 0);
  assert.equal(secondsLeft("not an instant", here, ahead), 0);
});

test("time left reads as people read it", () => {
  assert.equal(timeLeft(299), "4:59");
  assert.equal(timeLeft(3_723), "1:02:03");
  assert.equal(timeLeft(0), "0:00");
});

test("asking again backs off after faults and stays within bounds", () => {
  assert.equal(askAgainMs({ pollAfterS: 2, faults: 0, chance: 0.5 }), 2_000);
  assert.ok(askAgainMs({ faults: 3, chance: 0.5 }) > askAgainMs({ faults: 1, chance: 0.5 }));
  assert.ok(askAgainMs({ faults: 60, chance: 1 }) <= ASK_MS_MAX * 1.2);
  assert.ok(askAgainMs({ pollAfterS: 0, faults: 0, chance: 0 }) >= 800);
});

test("people in step are spread", () => {
  assert.notEqual(askAgainMs({ faults: 0, chance: 0 }), askAgainMs({ faults: 0, chance: 1 }));
});

test("an estimate that cannot be relied on is not given", () => {
  const status = { phase: "waiting", place: 12, estimate_s: 90, estimate_reliable: false };
  assert.deepEqual(lobbyLines(status, words, String), ["Place 12.", "11 before you.", "Unknown."]);
  assert.equal(lobbyLines({ ...status, estimate_reliable: true }, words, String)[2], "About 2 min.");
});

test("before the draw nobody has a number", () => {
  assert.deepEqual(lobbyLines({ phase: "gathering", gathered_count: 7 }, words, String)[0], "Here with 7.");
  assert.ok(isTurn("admitted") && !isTurn("waiting") && !isTurn("used"));
  assert.equal(filled("{count} and {other}", { count: 1 }), "1 and {other}");
});

test("an older version of a day never replaces a newer one", () => {
  const day = { on: "2026-10-05", doses_left: 10, addresses_left: 1, state: "open", version: 5 };
  const known = new Map();
  assert.deepEqual(takenIn(known, [day]), [day]);
  assert.deepEqual(takenIn(known, [{ ...day, doses_left: 90, version: 4 }]), []);
  assert.equal(known.get("2026-10-05").doses_left, 10);
});

test("a day is offered when the quantity fits, and always to who holds it", () => {
  const day = { on: "2026-10-05", doses_left: 100, addresses_left: 1, state: "open", version: 1 };
  assert.ok(isOffered(day, 100, false));
  assert.ok(!isOffered(day, 110, false));
  assert.ok(!isOffered({ ...day, state: "full_addresses" }, 10, false));
  assert.ok(isOffered({ ...day, state: "full_doses" }, 10, true));
});
