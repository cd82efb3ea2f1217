import { GuestFilesError } from './errors';

/** The same content, but waiting for it ends with the signal, as `ended`. Holds on to nothing that it gave. */
export async function* untilAborted(content: AsyncIterable<Buffer>, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = content[Symbol.asyncIterator]();
  // Of the present wait alone: racing each against one promise of the abort would keep every piece until the end.
  let abort: () => void = () => undefined;
  const aborted = () => abort();
  const next = () =>
    new Promise<IteratorResult<Buffer>>((resolve, reject) => {
      abort = () => reject(new GuestFilesError('ended', 'aborted'));
      if (signal?.aborted) return abort();
      iterator.next().then(resolve, reject);
    });
  signal?.addEventListener('abort', aborted);
  try {
    for (;;) {
      const { done, value } = await next();
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', aborted);
    // Not waited for: content that hangs would keep what it is written to.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
