import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

/** A value that shows itself only when asked: logging, JSON and string concatenation all give `[secret]`. */
export class Secret<T extends string | Buffer = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/**
 * What a secret's file holds, without the blanks around it.
 * @throws Error that names the file and nothing of what is in it
 */
export function readSecret(path: string): string {
  let value: string;
  try {
    value = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new Error(`cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, { cause: error });
  }
  if (value === '') throw new Error(`${path} is empty`);
  return value;
}
