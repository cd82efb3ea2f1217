/** A field of one or several lines, trimmed; '' where there is none. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A whole number; null where the field is empty, NaN where it holds anything else. */
export function wholeOf(form: FormData, name: string): number | null {
  const value = textOf(form, name);
  if (value === '') return null;
  return /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
}

export function tickedOf(form: FormData, name: string): boolean {
  return form.get(name) !== null;
}

/** What of a row of ticks is chosen: the rest of the names that begin with `prefix`. */
export function chosenOf(form: FormData, prefix: string): string[] {
  return [...form.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** One entry a line, without empty ones. */
export function linesOf(form: FormData, name: string): string[] {
  return textOf(form, name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
