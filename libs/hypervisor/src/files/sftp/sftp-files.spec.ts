import { Uploads } from '../uploads';
import { FakeServerOptions, FakeSftpServer, packet, statusPacket } from '../testing/fake-sftp-server';
import { bytesOf, guestFilesContract, inPieces } from '../testing/guest-files-contract';
import { string, u32 } from './packet-writer';
import { ANSWER, REQUEST, STATUS } from './protocol';
import { SftpFiles, SftpFilesOptions } from './sftp-files';
import { SftpSession } from './sftp-session';

async function served(server: FakeServerOptions = {}, options: SftpFilesOptions = {}) {
  const fake = new FakeSftpServer(server);
  const session = await SftpSession.open(fake.stream);
  return { fake, tree: fake.tree, session, files: new SftpFiles(session, options) };
}

describe('SftpFiles keeps the contract', () => {
  describe.each<[string, FakeServerOptions]>([
    ['OpenSSH', {}],
    ['a server without additions', { extensions: [['statvfs@openssh.com', '2']] }],
    ['a server that gives less than it could', { namesAtOnce: 1, mostRead: 1000 }],
    ['a line that brings 7 bytes at a time', { pieceBytes: 7 }],
  ])('with %s', (_which, options) => {
    let subject: Awaited<ReturnType<typeof served>>;
    beforeEach(async () => (subject = await served(options)));
    afterEach(() => {
      expect(subject.fake.openHandles).toBeLessThanOrEqual(3);
      subject.session.close();
    });
    guestFilesContract(() => subject);
  });
});

describe('SftpFiles', () => {
  const content = Buffer.alloc(3_000_000, 'x');

  it('asks for no more than the reader takes', async () => {
    const { files, fake, tree } = await served();
    tree.put('/scratch/big', content);
    const file = await files.read('/scratch/big');
    const stream = file.stream(0, content.length);
    await new Promise((resolve) => stream.once('readable', resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = fake.asked.filter((type) => type === REQUEST.READ).length;
    expect(asked).toBeGreaterThan(1);
    expect(asked * 32 * 1024).toBeLessThan(content.length / 2);
    stream.destroy();
  });

  it('takes no more content than the server does', async () => {
    const { files } = await served({ instead: (type) => type === REQUEST.WRITE });
    let taken = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      for (;;) {
        taken += 100_000;
        yield content.subarray(0, 100_000);
      }
    }
    const abort = new AbortController();
    const written = files.write('/scratch/a', counted(), { size: 1e9, overwrite: false }, abort.signal);
    written.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(1_500_000);
  });

  it('lets go of every handle, whatever happens', async () => {
    const { files, fake, tree } = await served();
    tree.put('/scratch/big', content);
    const file = await files.read('/scratch/big');
    for await (const chunk of file.stream(0, content.length)) if ((chunk as Buffer).length) break;
    await file.close();
    await expect(files.write('/scratch/b', inPieces(content), { size: 1, overwrite: false })).rejects.toMatchObject({
      reason: 'incomplete',
    });
    await files.list('/scratch', 1);
    expect(fake.openHandles).toBe(0);
  });

  it('hides what is being written, and removes what a killed process was writing, where it can', async () => {
    const uploads = new Uploads();
    const { files, tree } = await served({}, { uploads });
    const left = '.beamdesk-0123456789abcdef.part';
    for (const folder of ['/scratch', '/data']) tree.put(`${folder}/${left}`, Buffer.from('x'));
    const namesIn = async (folder: string) => (await files.list(folder, 10)).entries.map(({ name }) => name);
    async function* looking(): AsyncGenerator<Buffer> {
      yield content;
      expect(uploads.outstanding).toBeLessThanOrEqual(content.length + 5);
      expect(await namesIn('/scratch')).toEqual([]);
      const partial = [...tree.nodes.keys()].filter((path) => path.startsWith('/scratch/') && path.endsWith('.part'));
      expect(partial).toHaveLength(1);
      expect(partial).not.toContain(`/scratch/${left}`);
      yield Buffer.from('12345');
    }
    await files.write('/scratch/a', looking(), { size: content.length + 5, overwrite: false });
    expect(uploads.outstanding).toBe(0);
    expect(await namesIn('/scratch')).toEqual(['a']);
    expect(await namesIn('/data')).toEqual([left]);
  });

  it('counts what others are still sending, and limits of the host, before it takes a file', async () => {
    const uploads = new Uploads();
    uploads.begin('/scratch/.beamdesk-0000000000000000.part', 600);
    const { files } = await served({}, { uploads, room: async () => 1000 });
    expect(await files.space('/scratch')).toBe(1000);
    await expect(files.write('/scratch/a', inPieces(content), { size: 401, overwrite: false })).rejects.toMatchObject({
      reason: 'no-room',
    });
    await files.write('/scratch/a', inPieces(Buffer.alloc(400)), { size: 400, overwrite: false });
  });

  it('says that a share with a limit is full where it has been made read-only', async () => {
    const { files, tree } = await served({}, { room: async () => 5_000_000 });
    tree.readOnly.add('/scratch');
    expect(await files.space('/scratch')).toBe(0);
    await expect(
      files.write('/scratch/a', inPieces(content), { size: content.length, overwrite: false }),
    ).rejects.toMatchObject({ reason: 'no-room' });
    await expect(files.makeFolder('/scratch/a')).rejects.toMatchObject({ reason: 'no-room' });
  });

  it('says that there is no room when the disk fills up half way, and leaves nothing', async () => {
    const { files, tree } = await served({
      instead: (type, id, _fields, say) => type === REQUEST.WRITE && (say(statusPacket(id, STATUS.FAILURE)), true),
    });
    Object.defineProperty(tree, 'used', { get: () => tree.capacity - 900_000 });
    const written = files.write('/scratch/a', inPieces(content.subarray(0, 800_000)), {
      size: 800_000,
      overwrite: false,
    });
    await expect(written).rejects.toMatchObject({ reason: 'no-room' });
    expect([...tree.nodes.keys()].filter((path) => path.endsWith('.part'))).toEqual([]);
  });

  it('knows of no room where the server does not tell', async () => {
    const { files } = await served({ extensions: [] });
    expect(await files.space('/scratch')).toBeNull();
  });

  it('removes later what it had to leave behind when the connection was lost', async () => {
    const uploads = new Uploads();
    const { files, fake, tree } = await served({}, { uploads });
    async function* cut(): AsyncGenerator<Buffer> {
      yield content;
      fake.end();
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield content;
    }
    await expect(
      files.write('/scratch/a', cut(), { size: 2 * content.length, overwrite: false }),
    ).rejects.toMatchObject({ reason: 'unavailable' });
    const [partial = ''] = [...tree.nodes.keys()].filter((path) => path.endsWith('.part'));
    expect(partial).toMatch(/^\/scratch\/\.beamdesk-/);
    const next = await served({}, { uploads });
    next.tree.put(partial, content);
    await next.files.sweep();
    expect(next.tree.nodes.has(partial)).toBe(false);
    expect(uploads.takeLeftBehind()).toEqual([]);
  });

  it('shows names that are not UTF-8, links and devices, and opens none of them by mistake', async () => {
    const names = (id: number) => {
      const entry = (name: Buffer | string, mode: number, size = 5) => [
        string(name),
        string('long'),
        Buffer.concat([u32(5), Buffer.alloc(4), u32(size), u32(mode)]),
      ];
      return packet(
        ANSWER.NAME,
        u32(id),
        u32(4),
        ...entry(Buffer.from([0x61, 0xff]), 0o100_644),
        ...entry('link', 0o120_777),
        ...entry('dead', 0o120_777),
        ...entry('pipe', 0o010_644),
      );
    };
    let given = false;
    const { files, tree } = await served({
      instead: (type, id, _fields, say) => {
        if (type !== REQUEST.READDIR || given) return false;
        given = true;
        say(names(id));
        return true;
      },
    });
    tree.put('/scratch/link', Buffer.from('1234'));
    const { entries } = await files.list('/scratch', 10);
    expect(entries.map(({ name, kind, size }) => [name, kind, size])).toEqual(
      expect.arrayContaining([
        ['a\ufffd', 'other', 0],
        ['link', 'file', 4],
        ['dead', 'other', 0],
        ['pipe', 'other', 0],
      ]),
    );
    await expect(files.read('/scratch/a\ufffd')).rejects.toMatchObject({ reason: 'bad-name' });
  });

  it('closes once', async () => {
    let closed = 0;
    const { files } = await served({}, { closed: () => (closed += 1) });
    await files.close();
    await files.close();
    expect(closed).toBe(1);
  });

  it('reads a range', async () => {
    const { files, tree } = await served();
    tree.put('/scratch/a', Buffer.from('0123456789'));
    const file = await files.read('/scratch/a');
    expect((await bytesOf(file, 3, 4)).toString()).toBe('3456');
  });
});
