import assert from "node:assert/strict";
import test from "node:test";

import { cut, figuresOf, wordsOf } from "./charts.js";
import { cookieOf } from "./screen.js";
import { retryAfterMs } from "./streams.js";

test("a stream that is refused is asked for less and less often, in the end once a minute", () => {
  assert.equal(retryAfterMs(1), 2_000);
  assert.equal(retryAfterMs(2), 4_000);
  assert.equal(retryAfterMs(50), 60_000);
});

test("the device's own choice leaves no cookie", () => {
  assert.match(cookieOf("theme", "dark", "auto"), /^standvast_theme=dark; Max-Age=31536000;/);
  assert.match(cookieOf("theme", "auto", "auto"), /Max-Age=0;/);
});

test("a chart is its table: times first, a gap stays a gap, words are numbered", () => {
  const cell = (/** @type {string} */ value) => ({ dataset: value === "-" ? {} : { value } });
  const table = (/** @type {string[][]} */ rows) =>
    /** @type {any} */ ({ tBodies: [{ rows: rows.map((row) => ({ cells: row.map(cell) })) }] });

  assert.deepEqual(figuresOf(table([["100", "1"], ["160", ""], ["220", "3"]])), [
    [100, 160, 220],
    [1, null, 3],
  ]);
  assert.deepEqual(figuresOf(table([["maandag", "5"], ["dinsdag", "-"]])), [
    [0, 1],
    [5, null],
  ]);
  assert.deepEqual(figuresOf(/** @type {any} */ ({ tBodies: [] })), []);
});

test("below the axis stand the words of the first column, cut to their room; numbers stand for themselves", () => {
  const table = (/** @type {string[][]} */ rows) =>
    /** @type {any} */ ({
      tBodies: [{ rows: rows.map(([value, text]) => ({ cells: [{ dataset: { value }, textContent: ` ${text} ` }] })) }],
    });

  assert.deepEqual(wordsOf(table([["okt 2026", "okt 2026"], ["nov 2026", "nov 2026"]])), ["okt 2026", "nov 2026"]);
  assert.equal(wordsOf(table([["100", "12:00"], ["160", "12:01"]])), null);
  assert.equal(wordsOf(/** @type {any} */ ({ tBodies: [] })), null);
  assert.equal(cut("Controles", 200), "Controles");
  assert.equal(cut("leefstijlgesprek", 50), "leefst…");
  assert.equal(cut("leefstijlgesprek", 1), "le…");
});
