import { CatalogueCopies } from '../src/catalogue-copy/catalogue-copies';
import { CopySettings, DEFAULT_COPY_SETTINGS } from '../src/catalogue-copy/copy-settings';
import { createTestApp } from '../test/app/test-app';
import { fill } from './full-catalogue';

/** Nobody in the demo catalogue, so that everything of theirs is what we write. */
const ACCOUNT = 'measured';
const DAY_MS = 24 * 3_600_000;

/** The whole api with its own database, full of proposals, and a person who is signed in. */
export interface Subject {
  size: number;
  /** One list over HTTP. @returns milliseconds from the request to the last byte of the answer, and how many it found */
  list(query: string): Promise<{ ms: number; total: number; shown: number }>;
  close(): Promise<void>;
}

/** Its copies count as fresh all the time: what is measured is a list, not a catalogue. */
export async function openSubject(size: number): Promise<Subject> {
  const settings = { ...DEFAULT_COPY_SETTINGS, freshMs: DAY_MS, sweepMs: DAY_MS };
  const api = await createTestApp({
    override: (builder) => builder.overrideProvider(CopySettings).useValue(settings),
  });
  try {
    const { browser, userId } = await api.signedIn(ACCOUNT);
    // Nothing is under way any more that the sign-in began.
    await api.app.get(CatalogueCopies).lookAt([{ catalogue: 'demo', name: ACCOUNT, groups: [] }]);
    await fill(api.dataSource, size, ACCOUNT, userId);
    const headers = { Cookie: browser.cookies() };
    return {
      size,
      list: async (query) => {
        const begun = performance.now();
        const answer = await fetch(`${api.url}/api/proposals${query}`, { headers });
        const text = await answer.text();
        const ms = performance.now() - begun;
        if (answer.status !== 200) throw new Error(`${query} was answered ${answer.status}: ${text}`);
        const { total, items } = JSON.parse(text) as { total: number; items: unknown[] };
        return { ms, total, shown: items.length };
      },
      close: () => api.close(),
    };
  } catch (error) {
    await api.close();
    throw error;
  }
}
