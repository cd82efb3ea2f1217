/** Something the person at the keyboard can act on: printed as one line, without a stack. */
export class StartFault extends Error {
  override readonly name = 'StartFault';
}

/** The sentence of any error, for a line of output. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
