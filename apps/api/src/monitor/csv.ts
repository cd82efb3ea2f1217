import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

export type Cell = string | number | boolean | null;

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of CSV (RFC 4180), with its end. Text that a spreadsheet would compute gets a leading apostrophe. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Answers with a file, line by line as fast as it is taken. A failure after the first line cuts the connection. */
export async function sendLines(
  response: Response,
  { name, type }: { name: string; type: string },
  lines: AsyncIterable<string>,
): Promise<void> {
  // What fails before the first line is answered as an error.
  const each = lines[Symbol.asyncIterator]();
  const first = await each.next();
  response.status(200).attachment(name).setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Cache-Control', 'no-store');
  async function* all(): AsyncGenerator<string> {
    for (let line = first; line.done !== true; line = await each.next()) yield line.value;
  }
  try {
    await pipeline(Readable.from(all()), response);
  } catch (error) {
    // Half a file must not look whole; whoever went away is not waited for.
    response.destroy(error instanceof Error ? error : undefined);
  }
}

/** The head, and a line for each row; the first row is read before the head is given. */
export async function* csvOf<T>(
  head: readonly string[],
  rows: AsyncIterable<T>,
  cells: (row: T) => readonly Cell[],
): AsyncGenerator<string> {
  const each = rows[Symbol.asyncIterator]();
  let row = await each.next();
  yield csvLine(head);
  for (; row.done !== true; row = await each.next()) yield csvLine(cells(row.value));
}
