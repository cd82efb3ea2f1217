/** Something the person at the keyboard can act on: printed as one line, without a stack. */
export class StartFault extends Error {
  override readonly name = 'StartFault';
}

/** The sentence of any error, for a line of output. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One line for what ended a program: words of ours, or the system's where it refused (disk full, no permission). */
export function lastWord(error: unknown): string | null {
  if (error instanceof StartFault) return error.message;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return `the disk is full${path ? `: cannot write ${path}` : ''}`;
  return syscall && error instanceof Error ? error.message : null;
}
