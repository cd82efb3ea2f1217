import { parseArgs } from 'node:util';

export interface Options {
  readonly help: boolean;
  /** File for the report; null: none. */
  readonly json: string | null;
  /** Rounds of each way. */
  readonly runs: number;
  /** Launches at once. */
  readonly people: number;
}

export const HELP = `npm run bench:quota -- [--json FILE] [--n N] [--people N]

Measures launches at once by as many people of one proposal that may have 10 desktops: the click of the api with its
transaction, with a PostgreSQL of its own; catalogue and machines are doubles. Beside it the same without locks, round by round.

  --n       rounds of each way that count (default 5); one more comes before and does not
  --people  launches at once (default 1000)

Goals are printed, never asserted: a missed one still ends with code 0.`;

/** @throws Error with a sentence for what is wrong on the command line */
export function readOptions(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'string' },
      n: { type: 'string', default: '5' },
      people: { type: 'string', default: '1000' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    json: values.json ?? null,
    runs: wholeNumber('--n', values.n, 1, 1000),
    people: wholeNumber('--people', values.people, 20, 10_000),
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new Error(`${option} takes a whole number from ${least} to ${most}, not ${text}`);
  }
  return number;
}
