import assert from "node:assert/strict";
import test from "node:test";

import { isTyping, meaning } from "./keys.js";

const key = (/** @type {string} */ name, more = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test("a slash searches and a question mark shows the keys", () => {
  assert.equal(meaning(key("/")), "search");
  assert.equal(meaning(key("?")), "keys");
  assert.equal(meaning(key("a")), null);
});

test("the browser's own keys are left alone", () => {
  assert.equal(meaning(key("/", { ctrlKey: true })), null);
  assert.equal(meaning(key("?", { metaKey: true })), null);
});

test("what is typed in a field is text", () => {
  assert.equal(isTyping({ tagName: "INPUT", type: "search" }), true);
  assert.equal(isTyping({ tagName: "TEXTAREA" }), true);
  assert.equal(isTyping({ tagName: "DIV", isContentEditable: true }), true);
  assert.equal(isTyping({ tagName: "INPUT", type: "checkbox" }), false);
  assert.equal(isTyping({ tagName: "TR" }), false);
  assert.equal(isTyping(null), false);
});
