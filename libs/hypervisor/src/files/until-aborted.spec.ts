import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { untilAborted } from './until-aborted';

const MIB = 1024 ** 2;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function* pieces(count: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(MIB, i);
}

describe('untilAborted', () => {
  it('gives the same content', async () => {
    const seen: number[] = [];
    for await (const piece of untilAborted(pieces(3), new AbortController().signal)) seen.push(piece[0] ?? -1);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('keeps nothing of what it gave', async () => {
    const before = process.memoryUsage().arrayBuffers;
    let given = 0;
    let kept = Infinity;
    for await (const piece of untilAborted(pieces(200), new AbortController().signal)) {
      given += piece.length;
      if (given !== 200 * MIB) continue;
      await new Promise((turn) => setImmediate(turn));
      collectGarbage();
      kept = process.memoryUsage().arrayBuffers - before;
    }
    expect(kept).toBeLessThan(20 * MIB);
  });

  it.each(['before it begins', 'while it is waited for'])(
    'ends when told to %s, and ends the content',
    async (when) => {
      const abort = new AbortController();
      let returned = false;
      const content: AsyncIterable<Buffer> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => undefined),
          return: async () => ((returned = true), { done: true, value: undefined }),
        }),
      };
      if (when === 'before it begins') abort.abort();
      else setTimeout(() => abort.abort(), 10);
      await expect(untilAborted(content, abort.signal).next()).rejects.toMatchObject({ reason: 'ended' });
      expect(returned).toBe(true);
    },
  );
});
