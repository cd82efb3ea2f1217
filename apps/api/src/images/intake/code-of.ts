/** The code that Node gives an error, e.g. "ENOENT"; "" when it has none. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
