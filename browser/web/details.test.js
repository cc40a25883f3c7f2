import assert from "node:assert/strict";
import test from "node:test";

import { startDetails } from "./details.js";

test("what was open before a part was renewed is open after it, and nothing else", () => {
  const heard = new Map();
  const opened = [];
  const page = {
    addEventListener: (name, hear) => heard.set(name, hear),
    querySelectorAll: () => [{ id: "orders-figures" }],
    getElementById: (id) => ({ setAttribute: (name) => opened.push(`${id} ${name}`) }),
  };
  startDetails(page);

  heard.get("htmx:beforeSwap")();
  heard.get("htmx:afterSwap")();

  assert.deepEqual(opened, ["orders-figures open"]);
});
