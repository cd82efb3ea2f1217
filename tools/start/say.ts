const started = Date.now();
const TICK_MS = 10_000;

/** One line for the person at the keyboard, with the seconds since the start before it. */
export function say(line: string): void {
  process.stdout.write(`[${seconds(started).padStart(4)} s] ${line}\n`);
}

/** Runs a step that may take long: says that it begins, that it still runs (with its latest news), and how long it took. */
export async function step<T>(name: string, work: (news: (line: string) => void) => Promise<T>): Promise<T> {
  const begun = Date.now();
  let latest = '';
  const ticker = setInterval(() => say(`${name}: ${latest || 'still at it'} (${seconds(begun)} s)`), TICK_MS);
  try {
    const result = await work((line) => (latest = line.trim().slice(0, 100) || latest));
    if (Date.now() - begun > 1000) say(`${name}: done in ${seconds(begun)} s`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

function seconds(since: number): string {
  return String(Math.round((Date.now() - since) / 1000));
}
