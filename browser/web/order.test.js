import assert from "node:assert/strict";
import test from "node:test";

import { compareCells, nextPosition, sortedPositions } from "./order.js";

test("numbers are compared as numbers, words as words of the language", () => {
  assert.ok(compareCells("9", "10", "nl") < 0);
  assert.ok(compareCells("Ét", "Eu", "fr") < 0);
  assert.ok(compareCells("praktijk 9", "praktijk 10", "nl") < 0);
});

test("empty cells stay last in both directions", () => {
  assert.deepEqual(sortedPositions(["", "2", "1"], "ascending", "nl"), [2, 1, 0]);
  assert.deepEqual(sortedPositions(["", "2", "1"], "descending", "nl"), [1, 2, 0]);
});

test("equal rows keep their order", () => {
  assert.deepEqual(sortedPositions(["b", "a", "b", "a"], "ascending", "nl"), [1, 3, 0, 2]);
  assert.deepEqual(sortedPositions(["b", "a", "b", "a"], "descending", "nl"), [0, 2, 1, 3]);
});

test("instants sort by time", () => {
  const times = ["2026-03-02T14:02:00+01:00", "2025-12-31T09:00:00+01:00"];
  assert.deepEqual(sortedPositions(times, "ascending", "nl"), [1, 0]);
});

test("the walk stops at both ends and knows its keys", () => {
  assert.equal(nextPosition("ArrowDown", 2, 3), 2);
  assert.equal(nextPosition("ArrowUp", 0, 3), 0);
  assert.equal(nextPosition("Home", 2, 3), 0);
  assert.equal(nextPosition("End", 0, 3), 2);
  assert.equal(nextPosition("a", 0, 3), null);
  assert.equal(nextPosition("End", 0, 0), null);
});
