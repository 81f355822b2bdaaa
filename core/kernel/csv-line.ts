/** A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"), quoted where it must be (RFC 4180). */
const safeCell = (cell: string, delimiter: string): string => {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /["\r\n]/.test(safe) || safe.includes(delimiter) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line of a CSV file of whatever texts, safe to open in a spreadsheet. */
export const csvLine = (cells: readonly string[], delimiter: string): string =>
  `${cells.map(cell => safeCell(cell, delimiter)).join(delimiter)}\r\n`
