// @ts-check
/**
 * What every page loads: keys, tables, receipts, screen, rail, connection. Each part finds its own
 * elements by data attribute, now and after htmx swapped something in; without JavaScript the
 * page does the same with links and forms.
 */

import { startConnection } from "./connection.js";
import { startDetails } from "./details.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startRail } from "./rail.js";
import { startReceipts } from "./receipts.js";
import { startScreen } from "./screen.js";
import { startTables } from "./tables.js";

/** @param {ParentNode} root */
function start(root) {
  startTables(root);
  startReceipts(root);
}

startKeys(document);
startMenus(document);
startScreen(document);
startRail(document);
startDetails(document);
startConnection(window);
start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element) start(event.target);
});
