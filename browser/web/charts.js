// @ts-check
/**
 * Draw each chart from its own table, so that picture and figures cannot differ. The library is
 * fetched only by pages that have a chart.
 */

/**
 * The figures of a chart's table: x first, then one list per series; a gap is null.
 * @param {HTMLTableElement} table
 * @returns {(number | null)[][]}
 */
export function figuresOf(table) {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const count = rows[0]?.cells.length ?? 0;
  const columns = Array.from({ length: count }, () => /** @type {(number | null)[]} */ ([]));
  rows.forEach((row, position) => {
    [...row.cells].forEach((cell, column) => {
      const value = Number(cell.dataset.value);
      const known = cell.dataset.value !== undefined && cell.dataset.value !== "";
      const missing = column === 0 ? position : null;
      columns[column]?.push(known && Number.isFinite(value) ? value : missing);
    });
  });
  return columns;
}

/** @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {HTMLElement} figure */
function draw(figure) {
  const table = figure.querySelector("table[data-chart-table]");
  const holder = figure.querySelector("[data-chart-picture]");
  if (!(table instanceof HTMLTableElement) || !(holder instanceof HTMLElement)) return;
  const uPlot = /** @type {any} */ (globalThis).uPlot;
  const data = figuresOf(table);
  if (!uPlot || data.length < 2 || (data[0]?.length ?? 0) < 2) return;
  figure.setAttribute("data-drawn", "");
  holder.replaceChildren();
  const isTime = table.tBodies[0]?.rows[0]?.querySelector("time") !== null;
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent ?? "");
  const inks = [token("--act"), token("--late"), token("--info"), token("--harm")];
  const axis = {
    stroke: token("--ink-quiet"),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { stroke: token("--line"), width: 1 },
    font: `13px ${token("--family")}`,
  };
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: figure.dataset.zone,
  });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  new uPlot(
    {
      width: holder.clientWidth,
      height: 220,
      legend: { show: false },
      cursor: { y: false },
      scales: { x: { time: isTime }, y: { range: (/** @type {unknown} */ _, /** @type {number} */ low, /** @type {number} */ high) => [Math.min(0, low), high * 1.1 || 1] } },
      axes: [
        { ...axis, values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((x) => (isTime ? clock.format(x * 1000) : number.format(x))) },
        { ...axis, size: 64, values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((y) => number.format(y)) },
      ],
      series: [
        {},
        ...names.slice(1).map((label, position) => ({
          label,
          stroke: inks[position % inks.length],
          width: 2,
          dash: position ? [6, 3 + 2 * position] : undefined,
          points: { show: (data[0]?.length ?? 0) < 40 },
        })),
      ],
    },
    data,
    holder,
  );
}

function drawAll() {
  for (const figure of document.querySelectorAll("[data-chart]")) {
    if (figure instanceof HTMLElement) draw(figure);
  }
}

export function startCharts() {
  drawAll();
  let later = 0;
  const soon = () => {
    window.clearTimeout(later);
    later = window.setTimeout(drawAll, 150);
  };
  window.addEventListener("resize", soon);
  // What is renewed is drawn before it is painted, or a board would flicker every two seconds.
  let renewed = 0;
  document.addEventListener("htmx:load", () => {
    window.cancelAnimationFrame(renewed);
    renewed = window.requestAnimationFrame(drawAll);
  });
  document.addEventListener("standvast:screen", soon);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
}

if (typeof document !== "undefined") startCharts();
