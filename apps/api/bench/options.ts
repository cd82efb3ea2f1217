import { parseArgs } from 'node:util';

export interface Options {
  readonly help: boolean;
  /** File for the report; null: none. */
  readonly json: string | null;
  /** Requests of each case and size that count. */
  readonly runs: number;
  /** Proposals in the catalogue, smallest first. */
  readonly sizes: readonly number[];
}

export const HELP = `npm run bench:proposals -- [--json FILE] [--n N] [--sizes N,N]

Measures GET /api/proposals for a user with 1,000 proposals among very many: the whole api over HTTP, with a PostgreSQL of its
own. All sizes stand beside each other and take turns, request by request.

  --n      requests of each case and size that count (default 500); 50 more come before and do not
  --sizes  proposals in the catalogue (default 10000,1000000); at least 1000 each

Goals are printed, never asserted: a missed one still ends with code 0.`;

/** @throws Error with a sentence for what is wrong on the command line */
export function readOptions(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'string' },
      n: { type: 'string', default: '500' },
      sizes: { type: 'string', default: '10000,1000000' },
      help: { type: 'boolean', default: false },
    },
  });
  const sizes = values.sizes.split(',').map((size) => wholeNumber('--sizes', size, 1000, 10_000_000));
  return {
    help: values.help,
    json: values.json ?? null,
    runs: wholeNumber('--n', values.n, 1, 100_000),
    sizes: [...new Set(sizes)].sort((a, b) => a - b),
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new Error(`${option} takes a whole number from ${least} to ${most}, not ${text}`);
  }
  return number;
}
