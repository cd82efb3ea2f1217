import { GuestFilesError } from './errors';

/** The same content, but waiting for it ends with the signal, as `ended`. */
export async function* untilAborted(content: AsyncIterable<Buffer>, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = content[Symbol.asyncIterator]();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new GuestFilesError('ended', 'aborted'));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    // Not waited for: content that hangs would keep what it is written to.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
