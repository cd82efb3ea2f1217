import { parseArgs } from 'node:util';

export const IMAGES = ['desktop-analysis', 'tiny'] as const;
export const CASES = ['cold', 'clone', 'beside'] as const;

export interface LaunchOptions {
  help: boolean;
  /** File for the report; null: none. */
  json: string | null;
  /** Launches of each case. */
  n: number;
  image: (typeof IMAGES)[number];
  cases: (typeof CASES)[number][];
}

export const HELP = `npm run bench:launch -- [--json FILE] [--n N] [--image NAME] [--cases NAMES]

Starts a Beamdesk of its own in a temporary folder and measures N launches (default 10) of each case, one after the
other, from the click (the PUT) to the first picture through the real bridge.

  --image    ${IMAGES.join(' or ')} (default ${IMAGES[0]})
  --cases    of ${CASES.join(',')} (default all): boots, clones, clones beside 3 desktops that run

Goals are printed, never asserted: a missed one still ends with code 0.`;

/** @throws Error with a sentence for what is wrong on the command line */
export function readLaunchOptions(argv: string[]): LaunchOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'string' },
      n: { type: 'string', default: '10' },
      image: { type: 'string', default: IMAGES[0] },
      cases: { type: 'string', default: CASES.join(',') },
      help: { type: 'boolean', default: false },
    },
  });
  const n = Number(values.n);
  if (!Number.isInteger(n) || n < 1 || n > 1000)
    throw new Error(`--n takes a whole number from 1 to 1000, not ${values.n}`);
  const named = <T extends string>(known: readonly T[], text: string, option: string): T => {
    const found = known.find((one) => one === text);
    if (found === undefined) throw new Error(`--${option} takes ${known.join(', ')}, not ${text}`);
    return found;
  };
  return {
    help: values.help,
    json: values.json ?? null,
    n,
    image: named(IMAGES, values.image, 'image'),
    cases: values.cases.split(',').map((text) => named(CASES, text, 'cases')),
  };
}
