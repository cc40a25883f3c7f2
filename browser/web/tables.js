// @ts-check
/** Tables: sorted by their headers, walked by arrows, opened by Enter or a click on the row. */

import { isTyping } from "./keys.js";
import { nextPosition, sortedPositions } from "./order.js";

const INSIDE = "a, button, input, select, textarea, summary, label";

/** @param {ParentNode} root */
export function startTables(root) {
  for (const table of root.querySelectorAll("table[data-sort]:not([data-sort-ready])")) {
    if (table instanceof HTMLTableElement) makeSortable(table);
  }
  for (const table of root.querySelectorAll("table[data-walk]:not([data-walk-ready])")) {
    if (table instanceof HTMLTableElement) makeWalkable(table);
  }
}

/** @param {HTMLTableElement} table */
function rowsOf(table) {
  return [...(table.tBodies[0]?.rows ?? [])];
}

/** @param {HTMLTableRowElement | undefined} row @param {number} column */
function valueOf(row, column) {
  const cell = row?.cells[column];
  if (!cell) return "";
  const time = cell.querySelector("time")?.getAttribute("datetime");
  return cell.dataset.sortValue ?? time ?? cell.textContent?.trim() ?? "";
}

/** @param {HTMLTableElement} table */
function makeSortable(table) {
  table.setAttribute("data-sort-ready", "");
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, column) => {
    if (head.hasAttribute("data-plain")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const direction =
        head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction);
      const rows = rowsOf(table);
      const values = rows.map((row) => valueOf(row, column));
      const order = sortedPositions(values, direction, document.documentElement.lang);
      table.tBodies[0]?.append(...order.flatMap((position) => rows[position] ?? []));
    });
  });
}

/** @param {HTMLTableRowElement} row */
function open(row) {
  const link = row.querySelector("a[href]");
  if (link instanceof HTMLElement) link.click();
  else if (row.dataset.href) window.location.assign(row.dataset.href);
}

/** @param {HTMLTableElement} table */
function makeWalkable(table) {
  table.setAttribute("data-walk-ready", "");
  const walked = () => rowsOf(table).filter((row) => row.dataset.href || row.querySelector("a[href]"));
  const first = walked()[0];
  if (!first) return;
  for (const row of walked()) row.tabIndex = row === first ? 0 : -1;
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (isTyping(target)) return;
    const row = /** @type {HTMLTableRowElement | null} */ (target.closest("tbody tr"));
    if (!row) return;
    const rows = walked();
    if (event.key === "Enter" && target === row) {
      event.preventDefault();
      open(row);
      return;
    }
    const next = nextPosition(event.key, rows.indexOf(row), rows.length);
    const goal = next === null ? undefined : rows[next];
    if (!goal) return;
    event.preventDefault();
    row.tabIndex = -1;
    goal.tabIndex = 0;
    goal.focus();
  });
  table.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest(INSIDE) || String(window.getSelection() ?? "") !== "") return;
    const row = /** @type {HTMLTableRowElement | null} */ (target.closest("tbody tr[data-href]"));
    if (row) open(row);
  });
}
