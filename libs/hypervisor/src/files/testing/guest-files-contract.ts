import { randomBytes } from 'node:crypto';
import type { GuestFiles, OpenedFile } from '../guest-files';
import { MemoryFileTree } from '../memory-files';

export interface GuestFilesSubject {
  files: GuestFiles;
  /** What lies in the guest; nothing can be written below its `/data`. */
  tree: MemoryFileTree;
}

/** Content in pieces, as it comes over a network. */
export async function* inPieces(content: Buffer, pieceBytes = 10_007): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += pieceBytes) yield content.subarray(at, at + pieceBytes);
}

export async function bytesOf(file: OpenedFile, offset = 0, length = file.file.size - offset): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.stream(offset, length)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The behaviour every adapter of `GuestFiles` shares; call it inside `describe`. */
export function guestFilesContract(subject: () => GuestFilesSubject): void {
  const namesIn = async (path: string) =>
    (await subject().files.list(path, 100)).entries.map(({ name }) => name).sort();
  const content = randomBytes(200_000);

  it.each(['plain.txt', 'two words.dat', 'Überlauf ß.h5', 'emoji 😀.png', ' %2f?&#.x', 'it\'s "q"\\.txt'])(
    'writes and reads %j',
    async (name) => {
      const { files } = subject();
      const path = `/scratch/${name}`;
      expect(await files.write(path, inPieces(content), { size: content.length, overwrite: false })).toMatchObject({
        name,
        kind: 'file',
        size: content.length,
      });
      const file = await files.read(path);
      expect(file.file).toMatchObject({ name, size: content.length });
      expect((await bytesOf(file)).equals(content)).toBe(true);
      expect((await bytesOf(file, 70_001, 65_000)).equals(content.subarray(70_001, 135_001))).toBe(true);
      await file.close();
      expect(await namesIn('/scratch')).toEqual([name]);
    },
  );

  it('keeps an empty file', async () => {
    const { files } = subject();
    expect(await files.write('/scratch/empty', inPieces(Buffer.alloc(0)), { size: 0, overwrite: false })).toMatchObject(
      { size: 0 },
    );
    expect(await bytesOf(await files.read('/scratch/empty'))).toHaveLength(0);
  });

  it('replaces a file only when told to', async () => {
    const { files } = subject();
    const write = (text: string, overwrite: boolean) =>
      files.write('/scratch/a', inPieces(Buffer.from(text)), { size: text.length, overwrite });
    await write('first', false);
    await expect(write('second', false)).rejects.toMatchObject({ reason: 'exists' });
    expect((await bytesOf(await files.read('/scratch/a'))).toString()).toBe('first');
    await write('second', true);
    expect((await bytesOf(await files.read('/scratch/a'))).toString()).toBe('second');
    await files.makeFolder('/scratch/folder');
    await expect(files.write('/scratch/folder', inPieces(content), { size: 1, overwrite: true })).rejects.toMatchObject(
      { reason: 'not-a-file' },
    );
  });

  it.each([
    ['too little', content.length + 1],
    ['too much', content.length - 1],
  ])('leaves nothing of %s', async (_what, size) => {
    const { files } = subject();
    await expect(files.write('/scratch/a', inPieces(content), { size, overwrite: false })).rejects.toMatchObject({
      reason: 'incomplete',
    });
    expect(await namesIn('/scratch')).toEqual([]);
  });

  it('leaves nothing of content that fails half way', async () => {
    const { files } = subject();
    async function* cut(): AsyncGenerator<Buffer> {
      yield content;
      throw new Error('the browser is gone');
    }
    await expect(files.write('/scratch/a', cut(), { size: 300_000, overwrite: false })).rejects.toThrow(
      'the browser is gone',
    );
    expect(await namesIn('/scratch')).toEqual([]);
  });

  it('ends at once when told to, also while content does not come', async () => {
    const { files } = subject();
    const abort = new AbortController();
    async function* hanging(): AsyncGenerator<Buffer> {
      yield content;
      setTimeout(() => abort.abort(), 20);
      await new Promise(() => undefined);
    }
    const written = files.write('/scratch/a', hanging(), { size: 300_000, overwrite: false }, abort.signal);
    await expect(written).rejects.toMatchObject({ reason: 'ended' });
    expect(await namesIn('/scratch')).toEqual([]);
  });

  it('lists folders and says when there is more', async () => {
    const { files } = subject();
    await files.makeFolder('/scratch/sub');
    for (const name of ['a', 'b', 'c'])
      await files.write(`/scratch/sub/${name}`, inPieces(Buffer.from(name)), { size: 1, overwrite: false });
    expect((await files.list('/scratch', 10)).entries).toEqual([
      expect.objectContaining({ name: 'sub', kind: 'folder', size: 0 }),
    ]);
    const all = await files.list('/scratch/sub', 3);
    expect(all.truncated).toBe(false);
    expect(all.entries).toHaveLength(3);
    expect(all.entries[0]).toMatchObject({ kind: 'file', size: 1, modifiedAt: expect.any(Date) });
    const some = await files.list('/scratch/sub', 2);
    expect(some).toMatchObject({ truncated: true });
    expect(some.entries).toHaveLength(2);
  });

  it('makes a folder once', async () => {
    const { files } = subject();
    expect(await files.makeFolder('/scratch/new')).toBe('made');
    expect(await files.makeFolder('/scratch/new')).toBe('there');
    await files.write('/scratch/file', inPieces(content), { size: content.length, overwrite: false });
    await expect(files.makeFolder('/scratch/file')).rejects.toMatchObject({ reason: 'exists' });
    await expect(files.makeFolder('/scratch/none/new')).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('says what stands in the way', async () => {
    const { files } = subject();
    const write = (path: string) => files.write(path, inPieces(content), { size: content.length, overwrite: false });
    await files.write('/scratch/file', inPieces(content), { size: content.length, overwrite: false });
    await expect(files.list('/scratch/none', 10)).rejects.toMatchObject({ reason: 'not-found' });
    await expect(files.list('/scratch/file', 10)).rejects.toMatchObject({ reason: 'not-a-folder' });
    await expect(files.stat('/scratch/none')).rejects.toMatchObject({ reason: 'not-found' });
    await expect(files.read('/scratch/none')).rejects.toMatchObject({ reason: 'not-found' });
    await expect(files.read('/scratch')).rejects.toMatchObject({ reason: 'not-a-file' });
    await expect(files.read('/scratch/\ufffd')).rejects.toMatchObject({ reason: 'bad-name' });
    await expect(write('/scratch/none/a')).rejects.toMatchObject({ reason: 'not-found' });
    await expect(write('/scratch/file/a')).rejects.toMatchObject({ reason: 'not-a-folder' });
    await expect(write('/data/a')).rejects.toMatchObject({ reason: 'not-permitted' });
    await expect(files.makeFolder('/data/a')).rejects.toMatchObject({ reason: 'not-permitted' });
  });

  it('refuses what does not fit before it takes a byte, and knows the room that is left', async () => {
    const { files, tree } = subject();
    expect(await files.space('/scratch')).toBe(tree.capacity);
    let taken = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      taken += 1;
      yield content;
    }
    await expect(
      files.write('/scratch/a', counted(), { size: tree.capacity + 1, overwrite: false }),
    ).rejects.toMatchObject({ reason: 'no-room' });
    expect(taken).toBe(0);
    expect(await files.space('/data')).toBeNull();
  });

  it('fails where a file turns out to be shorter than it was', async () => {
    const { files, tree } = subject();
    await files.write('/scratch/a', inPieces(content), { size: content.length, overwrite: false });
    const file = await files.read('/scratch/a');
    tree.put('/scratch/a', content.subarray(0, 10));
    await expect(bytesOf(file, 0, content.length + 10)).rejects.toMatchObject({ reason: 'incomplete' });
  });
}
