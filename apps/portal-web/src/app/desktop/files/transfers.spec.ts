import { TestBed } from '@angular/core/testing';
import { signal } from '@angular/core';
import { FilesApi } from '../../api/files';
import { SessionStore } from '../../api/session.store';
import { chosen, file } from './testing/chosen';
import { ObedientFiles, entry, refusal } from './testing/obedient-files';
import { Transfer } from './transfer';
import { Transfers } from './transfers';

const ID = 'i1';

describe('Transfers', () => {
  let api: ObedientFiles;
  let transfers: Transfers;
  const signedIn = signal(true);

  beforeEach(() => {
    jest.useFakeTimers();
    api = new ObedientFiles();
    signedIn.set(true);
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: api },
        { provide: SessionStore, useValue: { loaded: () => true, signedIn } },
      ],
    });
    transfers = TestBed.inject(Transfers);
  });
  afterEach(() => {
    transfers.cancelAll(ID);
    jest.useRealTimers();
  });

  const settle = () => jest.advanceTimersByTimeAsync(0);
  const states = () => transfers.all().map(({ name, kind }) => `${name()} ${kind}`);
  const failure = (transfer: Transfer) => {
    const state = transfer.state();
    return state.kind === 'failed' ? state.failure : undefined;
  };

  async function add(...files: File[]): Promise<readonly Transfer[]> {
    transfers.add(ID, '/scratch', chosen(...files));
    await settle();
    return transfers.all();
  }

  it('sends two at a time and the next when one has arrived', async () => {
    await add(file('a'), file('b'), file('c', 0));
    expect(states()).toEqual(['a sending', 'b sending', 'c waiting']);
    api.upload('a').arrive();
    await settle();
    expect(states()).toEqual(['a done', 'b sending', 'c sending']);
    expect(api.upload('c').path).toBe('/scratch/c');
    expect(api.listed).toEqual(['/scratch']);
  });

  it('tells which folder has changed', async () => {
    const landed: string[] = [];
    transfers.landed.subscribe(({ folder }) => landed.push(folder));
    await add(file('a'));
    api.upload('a').arrive();
    await settle();
    expect(landed).toEqual(['/scratch']);
  });

  it('shows progress a few times a second, with speed', async () => {
    const [transfer] = await add(file('a', 100));
    const { progress } = api.upload('a').options;
    progress(10);
    expect(transfer.progress().sent).toBe(0);
    await jest.advanceTimersByTimeAsync(200);
    expect(transfer.progress()).toEqual({ sent: 10, bytesPerSecond: null, stalled: false });
    for (let sent = 20; sent <= 50; sent += 10) {
      progress(sent);
      await jest.advanceTimersByTimeAsync(200);
    }
    expect(transfer.progress()).toEqual({ sent: 50, bytesPerSecond: 50, stalled: false });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(transfer.progress()).toEqual({ sent: 50, bytesPerSecond: 0, stalled: true });
  });

  it('gives up what does not move for three minutes', async () => {
    const [transfer] = await add(file('a'));
    await jest.advanceTimersByTimeAsync(181_000);
    expect(failure(transfer)?.code).toBe('SILENT');
    expect(api.upload('a').options.signal.aborted).toBe(true);
  });

  it('refuses before sending what is too large or has no room', async () => {
    api.view = { limitBytes: 10, freeBytes: 8 };
    const [large, full] = await add(file('large', 11), file('full', 9));
    expect(api.uploads).toEqual([]);
    expect(failure(large)).toMatchObject({ code: 'FILE_TOO_LARGE', final: true });
    expect(failure(large)?.text).toContain('It has 11 bytes; at most 10 bytes can be sent.');
    expect(failure(full)?.code).toBe('NO_ROOM');
    api.view = { limitBytes: 10, freeBytes: 9 };
    transfers.retry(large, full);
    await settle();
    expect(states()).toEqual(['large failed', 'full sending']);
  });

  it('does not send what has a name that the desktop cannot have', async () => {
    const [transfer] = await add(file('ä'.repeat(128)));
    expect(failure(transfer)?.code).toBe('BAD_NAME');
    expect(api.listed).toEqual([]);
  });

  it('writes accents in one with their letter', async () => {
    await add(file('u\u0308.txt'));
    expect(api.uploads[0].path).toBe('/scratch/\u00fc.txt');
  });

  describe('with a name that is taken', () => {
    beforeEach(() => api.folders.set('/scratch', [entry('a'), entry('b'), entry('dir', 'folder')]));

    it('asks, and meanwhile sends the others', async () => {
      await add(file('a'), file('b'), file('c'));
      expect(states()).toEqual(['a asking', 'b asking', 'c sending']);
    });

    it.each([
      ['replace', 'a sending', ['/scratch/a', true]],
      ['keep-both', 'a (2) sending', ['/scratch/a (2)', false]],
    ] as const)('does %s', async (rule, state, sent) => {
      const [transfer] = await add(file('a'));
      transfers.answer(transfer, rule, false);
      await settle();
      expect(states()).toEqual([state]);
      expect([api.uploads[0].path, api.uploads[0].options.overwrite]).toEqual(sent);
    });

    it('skips, for one or for all that come', async () => {
      const [first] = await add(file('a'), file('b'), file('c'));
      transfers.answer(first, 'skip', false);
      expect(states()).toEqual(['a skipped', 'b asking', 'c sending']);
      transfers.answer(transfers.all()[1], 'skip', true);
      expect(states()).toEqual(['a skipped', 'b skipped', 'c sending']);
    });

    it('does the same for all that have not been looked at yet', async () => {
      const [first] = await add(file('a'), file('x'), file('y'), file('b'));
      transfers.answer(first, 'replace', true);
      ['x', 'y'].forEach((name) => api.upload(name).arrive());
      await settle();
      expect(states()).toEqual(['a sending', 'x done', 'y done', 'b sending']);
      expect(api.upload('b').options.overwrite).toBe(true);
      expect(api.upload('x').options.overwrite).toBe(false);
    });

    it('never replaces a folder by a file', async () => {
      const [transfer] = await add(file('dir'));
      transfers.answer(transfer, 'replace', true);
      await settle();
      expect(states()).toEqual(['dir asking']);
      expect(api.uploads).toEqual([]);
    });

    it('asks when only the desktop knows, and believes it', async () => {
      const [transfer] = await add(file('late'));
      api.upload('late').fail(refusal(409, 'FILE_EXISTS'));
      await settle();
      expect(states()).toEqual(['late asking']);
      transfers.answer(transfer, 'keep-both', false);
      await settle();
      expect(api.uploads.map(({ path }) => path)).toEqual(['/scratch/late', '/scratch/late (2)']);
    });
  });

  it('cancels one, frees its place, and sends it again on demand', async () => {
    const [first] = await add(file('a'), file('b'), file('c'));
    transfers.cancel(first);
    await settle();
    expect(api.upload('a').options.signal.aborted).toBe(true);
    expect(states()).toEqual(['a cancelled', 'b sending', 'c sending']);
    transfers.retry(first);
    api.upload('b').arrive();
    await settle();
    expect(states()).toEqual(['a sending', 'b done', 'c sending']);
  });

  it('cancels all without beginning another', async () => {
    await add(file('a'), file('b'), file('c'));
    transfers.cancelAll(ID);
    await settle();
    expect(states()).toEqual(['a cancelled', 'b cancelled', 'c cancelled']);
    expect(api.uploads.map(({ name }) => name)).toEqual(['a', 'b']);
    transfers.clear(ID);
    expect(transfers.all()).toEqual([]);
  });

  it('tries a broken line again by itself, and then tells', async () => {
    const [transfer] = await add(file('a'));
    for (const wait of [2000, 4000, 8000, 16_000]) {
      const sent = api.uploads.length;
      api.upload('a').fail(refusal(0, ''));
      await settle();
      expect(transfer.state()).toMatchObject({
        kind: 'waiting',
        note: expect.stringContaining('The connection broke'),
      });
      await jest.advanceTimersByTimeAsync(wait - 400);
      expect(api.uploads).toHaveLength(sent);
      await jest.advanceTimersByTimeAsync(800);
      expect(api.uploads).toHaveLength(sent + 1);
    }
    api.upload('a').fail(refusal(0, ''));
    await settle();
    expect(failure(transfer)?.code).toBe('OFFLINE');
  });

  it('asks rather than sends again where only the answer was lost', async () => {
    await add(file('a'));
    api.folders.set('/scratch', [entry('a')]);
    api.upload('a').fail(refusal(0, ''));
    await settle();
    await jest.advanceTimersByTimeAsync(2500);
    expect(states()).toEqual(['a asking']);
    expect(api.uploads).toHaveLength(1);
  });

  it('waits for its turn where the person has others on the way', async () => {
    const [transfer] = await add(file('a'));
    api.upload('a').fail(refusal(429, 'TOO_MANY_TRANSFERS'));
    await settle();
    expect(transfer.state()).toMatchObject({ note: expect.stringContaining('Others of your files') });
    await jest.advanceTimersByTimeAsync(2500);
    expect(states()).toEqual(['a sending']);
  });

  it('tells that the file is gone, which looks like a broken line', async () => {
    const gone = file('a');
    gone.slice = () => ({ arrayBuffer: () => Promise.reject(new Error('NotFoundError')) }) as unknown as Blob;
    const [transfer] = await add(gone);
    api.upload('a').fail(refusal(0, ''));
    await settle();
    expect(failure(transfer)?.code).toBe('UNREADABLE');
  });

  it('does not let the rest fail one by one where the reason concerns all', async () => {
    const all = await add(file('a'), file('b'), file('c'), file('d'));
    api.upload('a').fail(refusal(503, 'FILES_UNAVAILABLE'));
    await settle();
    expect(states()).toEqual(['a failed', 'b sending', 'c failed', 'd failed']);
    expect(failure(all[3])?.text).toBe('message of FILES_UNAVAILABLE');
    transfers.retryAll(ID);
    await settle();
    expect(states()).toEqual(['a sending', 'b sending', 'c waiting', 'd waiting']);
  });

  it('lets the rest go on where it concerns one file', async () => {
    await add(file('a'), file('b'), file('c'));
    api.upload('a').fail(refusal(403, 'FILE_NOT_PERMITTED'));
    await settle();
    expect(states()).toEqual(['a failed', 'b sending', 'c sending']);
  });

  it('says what to do when the sign-in ended', async () => {
    const [transfer] = await add(file('a'));
    api.upload('a').fail(refusal(401, 'NOT_SIGNED_IN'));
    await settle();
    expect(failure(transfer)?.text).toContain('Sign in again in another tab');
  });

  it('makes folders once, from above, also empty ones', async () => {
    transfers.add(ID, '/scratch', {
      files: [
        { file: file('a'), folders: ['run', 'deep'] },
        { file: file('b'), folders: ['run', 'deep'] },
      ],
      folders: [['run'], ['run', 'deep'], ['run', 'empty']],
    });
    await settle();
    expect(api.made).toEqual(['/scratch/run', '/scratch/run/deep', '/scratch/run/empty']);
    expect(api.uploads.map(({ path }) => path)).toEqual(['/scratch/run/deep/a', '/scratch/run/deep/b']);
  });

  it('asks before the tab is left while something is on its way, and only then', async () => {
    const leave = () => {
      TestBed.tick();
      return window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    };
    expect(leave()).toBe(true);
    await add(file('a'));
    expect(leave()).toBe(false);
    api.upload('a').arrive();
    await settle();
    expect(leave()).toBe(true);
  });

  it('ends with the sign-in', async () => {
    await add(file('a'), file('b'), file('c'));
    signedIn.set(false);
    TestBed.tick();
    expect(states()).toEqual(['a cancelled', 'b cancelled', 'c cancelled']);
  });

  it('keeps desktops apart', async () => {
    await add(file('a'));
    transfers.add('i2', '/scratch', chosen(file('b')));
    await settle();
    transfers.cancelAll('i2');
    expect(states()).toEqual(['a sending', 'b cancelled']);
    transfers.clear('i2');
    expect(states()).toEqual(['a sending']);
  });
});
