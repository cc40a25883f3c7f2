// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { ageWords, STOPPED_AFTER_S } from "./snapshot.js";

const words = { fresh: "just now", old: "{minutes} minutes ago", stopped: "stopped {minutes} ago" };

test("a page younger than a minute was updated just now", () => {
  assert.deepEqual(ageWords(59, words), { text: "just now", isStopped: false });
});

test("a page of two minutes says so", () => {
  assert.deepEqual(ageWords(125, words), { text: "2 minutes ago", isStopped: false });
});

test("past three minutes it says that updating has stopped", () => {
  assert.deepEqual(ageWords(STOPPED_AFTER_S, words).isStopped, false);
  assert.deepEqual(ageWords(421, words), { text: "stopped 7 ago", isStopped: true });
});

test("a clock that is behind shows no negative age", () => {
  assert.equal(ageWords(-30, words).text, "just now");
});
