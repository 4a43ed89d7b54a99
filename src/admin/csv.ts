/** CSV as RFC 4180 has it, safe to open in a spreadsheet. */

/** What a spreadsheet takes for the start of a formula, full-width forms included; tab and CR are skipped before they look. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

/** One record: a cell that a spreadsheet would run begins with an apostrophe; one that holds a comma, quote or line break is quoted. Ends with CRLF. */
export function csvRecord(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(FORMULA.test(cell) ? `'${cell}` : cell)).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
