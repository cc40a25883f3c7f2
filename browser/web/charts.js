// @ts-check
/**
 * Draw each chart from its own table, so that picture and figures cannot differ. The library is
 * fetched only by pages that have a chart.
 */

const LETTER_PX = 7;
const WORD_PX = 72;
const SIDES_PX = 80;

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

/**
 * What stands below the axis: words as they are in the table's first column.
 * @param {HTMLTableElement} table
 * @returns {string[] | null} null when the column holds numbers
 */
export function wordsOf(table) {
  const heads = [...(table.tBodies[0]?.rows ?? [])].map((row) => row.cells[0]);
  const isNumber = (/** @type {string | undefined} */ value) => Boolean(value) && Number.isFinite(Number(value));
  if (heads.length === 0 || heads.every((head) => isNumber(head?.dataset.value))) return null;
  return heads.map((head) => head?.textContent?.trim() ?? "");
}

/**
 * A word as it fits: the table has it whole.
 * @param {string} word
 * @param {number} room_px
 */
export function cut(word, room_px) {
  const letters = Math.max(3, Math.floor(room_px / LETTER_PX));
  return word.length > letters ? `${word.slice(0, letters - 1)}…` : word;
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
  const isEmpty = data.slice(1).every((values) => values.every((value) => value === null));
  const least = figure.dataset.kind === "bars" ? 1 : 2;
  if (!uPlot || data.length < 2 || isEmpty || (data[0]?.length ?? 0) < least) return;
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
  const words = wordsOf(table);
  const isBars = figure.dataset.kind === "bars";
  const count = words?.length ?? 0;
  const room = Math.max(1, holder.clientWidth - SIDES_PX);
  const every = isBars ? 1 : Math.max(1, Math.ceil((count * WORD_PX) / room));
  const xRange = words ? { range: () => [isBars ? -0.5 : 0, count - (isBars ? 0.5 : 1)] } : {};
  const xWords = words && {
    splits: () => words.map((_, place) => place).filter((place) => place % every === 0),
    values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((x) => cut(words[x] ?? "", (room * every) / count)),
  };
  new uPlot(
    {
      width: holder.clientWidth,
      height: 220,
      legend: { show: false },
      cursor: { y: false },
      scales: { x: { time: isTime, ...xRange }, y: { range: (/** @type {unknown} */ _, /** @type {number} */ low, /** @type {number} */ high) => [Math.min(0, low), high * 1.1 || 1] } },
      axes: [
        { ...axis, values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((x) => (isTime ? clock.format(x * 1000) : number.format(x))), ...xWords },
        { ...axis, size: 64, values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((y) => number.format(y)) },
      ],
      series: [
        {},
        ...names.slice(1).map((label, position) => ({
          label,
          stroke: inks[position % inks.length],
          width: 2,
          dash: position ? [6, 3 + 2 * position] : undefined,
          points: { show: !isBars && (data[0]?.length ?? 0) < 40 },
          ...(isBars ? { paths: uPlot.paths.bars({ size: [0.6, 80] }), fill: inks[position % inks.length] } : {}),
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
