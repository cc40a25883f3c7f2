// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { closedText } from "./notices.js";

test("a closed function says the desk's sentence, an open one nothing", () => {
  const closed = [{ function: "campaigns.order", text: "Closed until 9:00." }];

  assert.equal(closedText(closed, "campaigns.order"), "Closed until 9:00.");
  assert.equal(closedText(closed, "campaigns.cancel"), null);
});
