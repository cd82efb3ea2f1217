import { resolve } from 'node:path';
import { UsageError } from './usage';

/** What a command is given besides its words. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Standard input. */
  input: AsyncIterable<Buffer | string>;
  print: (line: string) => void;
}

const INPUT_MAX = 1024 ** 2;

/** Relative to where the command was typed, not to where npm went. */
export function pathOf({ env, cwd }: Terminal, path: string): string {
  return resolve(env['INIT_CWD'] || cwd, path);
}

/** Standard input to its end, as UTF-8. @throws UsageError beyond 1 MiB */
export async function readInput({ input }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > INPUT_MAX) throw new UsageError('standard input is longer than 1 MiB');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
