// @ts-check
/** How rows are ordered. Pure. */

/**
 * Compare two cells: as numbers when both are, else as words in the page's language. Empty last.
 * @param {string} left
 * @param {string} right
 * @param {string} language
 */
export function compareCells(left, right, language) {
  if (left === "" || right === "") return left === right ? 0 : left === "" ? 1 : -1;
  const [a, b] = [Number(left), Number(right)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return left.localeCompare(right, language, { numeric: true, sensitivity: "base" });
}

/**
 * The order of rows after sorting; equal rows keep their order, empty cells stay last both ways.
 * @param {string[]} values
 * @param {"ascending" | "descending"} direction
 * @param {string} language
 * @returns {number[]} positions in `values`
 */
export function sortedPositions(values, direction, language) {
  const sign = direction === "ascending" ? 1 : -1;
  return values
    .map((_, position) => position)
    .sort((left, right) => {
      const [a, b] = [values[left] ?? "", values[right] ?? ""];
      const found = compareCells(a, b, language);
      return (a === "" || b === "" ? found : sign * found) || left - right;
    });
}

/**
 * Where the walk goes from a row.
 * @param {string} key
 * @param {number} position
 * @param {number} count
 * @returns {number | null} null when the key does not walk
 */
export function nextPosition(key, position, count) {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
    case "j":
      return Math.min(position + 1, count - 1);
    case "ArrowUp":
    case "k":
      return Math.max(position - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
