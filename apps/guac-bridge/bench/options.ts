import { parseArgs } from 'node:util';

export const CASES = ['throughput', 'echo', 'slow-reader', 'idle'] as const;
export type CaseName = (typeof CASES)[number];

export interface Options {
  readonly help: boolean;
  /** File for the report; null: none. */
  readonly json: string | null;
  readonly runs: number;
  readonly sessions: number;
  readonly cases: readonly CaseName[];
}

export const HELP = `npm run bench:bridge -- [--json FILE] [--runs N] [--sessions N] [--cases NAMES]

Measures what the bridge costs between a guacd and a client of its own, beside a raw TCP relay, a minimal websocket relay
and guacamole-lite, one after the other in the same run.

  --runs      of throughput and echo, N of each way in turn (default 3)
  --sessions  idle sessions in one bridge (default 5000); the others hold at most 1000
  --cases     of ${CASES.join(',')} (default all)

Goals are printed, never asserted: a missed one still ends with code 0.`;

/** @throws Error with a sentence for what is wrong on the command line */
export function readOptions(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'string' },
      runs: { type: 'string', default: '3' },
      sessions: { type: 'string', default: '5000' },
      cases: { type: 'string', default: CASES.join(',') },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    json: values.json ?? null,
    runs: wholeNumber('--runs', values.runs, 100),
    sessions: wholeNumber('--sessions', values.sessions, 20_000),
    cases: values.cases.split(',').map((name) => {
      const found = CASES.find((one) => one === name);
      if (found === undefined) {
        throw new Error(`--cases takes ${CASES.join(', ')}, not ${name}`);
      }
      return found;
    }),
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new Error(`${option} takes a whole number from 1 to ${most}, not ${text}`);
  }
  return number;
}
