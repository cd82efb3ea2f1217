/** A value that would leave its folder, hide, or not be a file name at all. The message is for the log. */
export class UnsafeValue extends Error {
  constructor(name: string, value: string | null, why: string) {
    super(`{${name}} = ${JSON.stringify(value)} ${why}`);
    this.name = 'UnsafeValue';
  }
}

/** A file name may hold this many bytes (NAME_MAX on every file system we know). */
const NAME_MAX = 255;

/**
 * Puts values into `{name}` places of a path template. Each value becomes one path step or part of one: `/` turns into `_`;
 * a value that is missing, empty, not well-formed, begins with a dot or `-`, or holds NUL or another control character
 * is refused rather than repaired.
 * @throws UnsafeValue
 */
export function expandPath(template: string, values: Record<string, string | null>): string {
  const path = template.replace(/\{([^{}]*)\}/g, (_, name: string) => step(name, values[name] ?? null));
  const long = path.split('/').find((part) => Buffer.byteLength(part) > NAME_MAX);
  if (long !== undefined) throw new UnsafeValue('path', `${long.slice(0, 40)}…`, 'is too long for a file name');
  return path;
}

function step(name: string, value: string | null): string {
  if (value === null || value === '') throw new UnsafeValue(name, value, 'is missing');
  if (!value.isWellFormed()) throw new UnsafeValue(name, value, 'is not well-formed text');
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(value)) throw new UnsafeValue(name, value, 'holds a control character');
  if (/^[.-]/.test(value.trimStart())) throw new UnsafeValue(name, value, 'begins with a dot or a dash');
  return value.replaceAll('/', '_');
}
