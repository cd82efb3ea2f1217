import { randomBytes } from 'node:crypto';
import type { FolderView } from '@beamdesk/contracts';
import { MemberEntity } from '../instances/entities/member.entity';
import { changeInstance } from '../sessions/testing/seed-instance';
import { answerTo, FilesBench } from './testing/files-bench';

describe('files of a desktop', () => {
  let bench: FilesBench;
  beforeAll(async () => {
    bench = await FilesBench.create();
  });
  afterAll(() => bench.test.close());
  beforeEach(() => bench.reset());

  const content = randomBytes(300_000);
  const contentOf = (path: string) => bench.url('/content', path);
  const put = (path: string, bytes = content, query = '') => bench.put(path, bytes, { query });
  const at = (path: string) => bench.tree.nodes.get(path)?.content;

  it('shows a folder: folders first, then by name, numbers as people read them', async () => {
    for (const name of ['scan10', 'scan2', 'Ähre.h5', '.hidden']) bench.tree.put(`/scratch/${name}`, Buffer.from('xy'));
    bench.tree.put('/scratch/zebra', null);
    const { status, body, headers } = await bench.get(bench.url('', '/scratch'));
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    const view = body as unknown as FolderView;
    expect(view.entries.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['zebra', 'folder', 0],
      ['.hidden', 'file', 2],
      ['Ähre.h5', 'file', 2],
      ['scan2', 'file', 2],
      ['scan10', 'file', 2],
    ]);
    expect(view).toMatchObject({
      path: '/scratch',
      truncated: false,
      freeBytes: bench.tree.capacity - 8,
      limitBytes: 64 * 1024 ** 2,
      places: [
        { path: '/scratch', name: 'Scratch', writable: true },
        { path: '/data', name: 'Data', writable: false },
        { path: '/home/user', name: 'Home', writable: true },
      ],
    });
  });

  it('says when a folder holds more than is shown', async () => {
    for (let i = 0; i <= 10_000; i++) bench.tree.put(`/scratch/${i}`, Buffer.alloc(0));
    const view = (await bench.get(bench.url('', '/scratch'))).body as unknown as FolderView;
    expect([view.entries.length, view.truncated]).toEqual([10_000, true]);
  });

  it.each(['plain.txt', 'two words.dat', 'Überlauf ß.h5', 'emoji 😀.png', ' %2f?&#+.x', 'quo"te\\.txt', 'line\nbreak'])(
    'takes and gives %j unchanged',
    async (name) => {
      const path = `/scratch/${name}`;
      const sent = await put(path);
      expect(sent).toMatchObject({ status: 201, body: { name, size: content.length } });
      expect(at(path)?.equals(content)).toBe(true);
      const { status, headers, bytes } = await bench.get(contentOf(path));
      expect(status).toBe(200);
      expect(bytes.equals(content)).toBe(true);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': String(content.length),
        'accept-ranges': 'bytes',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      const disposition = headers['content-disposition'] ?? '';
      expect(disposition).toMatch(/^attachment; filename=/);
      const encoded = /filename\*=UTF-8''(\S+)/.exec(disposition)?.[1];
      const plain = /filename="?((?:[^"\\]|\\.)*)"?$/.exec(disposition)?.[1]?.replace(/\\(.)/g, '$1');
      expect(encoded ? decodeURIComponent(encoded) : plain).toBe(name);
    },
  );

  it('takes and gives an empty file', async () => {
    expect(await put('/scratch/empty', Buffer.alloc(0))).toMatchObject({ status: 201, body: { size: 0 } });
    expect(await bench.get(contentOf('/scratch/empty'))).toMatchObject({
      status: 200,
      headers: { 'content-length': '0' },
    });
  });

  it('gives ranges, so that a download that was cut goes on', async () => {
    bench.tree.put('/scratch/a', Buffer.from('0123456789'));
    const whole = await bench.get(contentOf('/scratch/a'));
    const tag = whole.headers.etag ?? '';
    expect(tag).toMatch(/^"/);
    const part = await bench.get(contentOf('/scratch/a'), { Range: 'bytes=4-', 'If-Range': tag });
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 4-9/10', 'content-length': '6' } });
    expect(part.bytes.toString()).toBe('456789');
    const changed = await bench.get(contentOf('/scratch/a'), { Range: 'bytes=4-', 'If-Range': '"other"' });
    expect([changed.status, changed.bytes.length]).toEqual([200, 10]);
    const beyond = await bench.get(contentOf('/scratch/a'), { Range: 'bytes=10-' });
    expect(beyond).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */10' },
      body: { code: 'RANGE_NOT_SATISFIABLE' },
    });
    const head = await bench.get(contentOf('/scratch/a'), {}, bench.ada.browser, 'HEAD');
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '10', 0]);
  });

  it('replaces a file only when told to', async () => {
    await put('/scratch/a', Buffer.from('first'));
    expect(await put('/scratch/a')).toMatchObject({ status: 409, body: { code: 'FILE_EXISTS' } });
    expect(at('/scratch/a')?.toString()).toBe('first');
    expect(await put('/scratch/a', content, '&overwrite=true')).toMatchObject({ status: 201 });
    expect(at('/scratch/a')?.equals(content)).toBe(true);
  });

  it('makes a folder once', async () => {
    const make = (path: string) => bench.ada.browser.send('POST', bench.url('/folders'), { path });
    expect(await make('/scratch/new')).toMatchObject({ status: 201, body: { path: '/scratch/new' } });
    expect(await make('/scratch/new')).toMatchObject({ status: 200 });
    expect(await make('/scratch/none/new')).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
    expect(await make('/data/new')).toMatchObject({ status: 403, body: { code: 'FILE_NOT_PERMITTED' } });
    expect(await make('/etc/new')).toMatchObject({ status: 400, body: { code: 'BAD_PATH' } });
  });

  it('answers what goes wrong with a code of its own', async () => {
    bench.tree.put('/scratch/file', Buffer.from('x'));
    const codeOf = async (answer: Promise<{ status: number; body: unknown }>) => {
      const { status, body } = await answer;
      return `${status} ${(body as { code: string }).code}`;
    };
    expect(await codeOf(bench.get(bench.url('', '/scratch/none')))).toBe('404 FILE_NOT_FOUND');
    expect(await codeOf(bench.get(bench.url('', '/scratch/file')))).toBe('409 NOT_A_FOLDER');
    expect(await codeOf(bench.get(contentOf('/scratch')))).toBe('409 NOT_A_FILE');
    expect(await codeOf(bench.get(contentOf('/scratch/none')))).toBe('404 FILE_NOT_FOUND');
    expect(await codeOf(put('/data/a'))).toBe('403 FILE_NOT_PERMITTED');
    expect(await codeOf(put('/scratch/none/a'))).toBe('404 FILE_NOT_FOUND');
    bench.tree.put('/scratch/most', Buffer.alloc(0));
    Object.defineProperty(bench.tree, 'capacity', { value: 1000 });
    expect(await codeOf(put('/scratch/a'))).toBe('507 NO_ROOM');
  });

  it.each([
    '',
    'scratch',
    '/',
    '/etc/passwd',
    '/scratchy',
    '/scratch/',
    '/scratch//a',
    '/scratch/./a',
    '/scratch/../etc/passwd',
    '/home/user/..',
    '/home',
    '/scratch/a\0b',
    '/scratch/\ufffd',
    `/scratch/${'a'.repeat(256)}`,
    `/scratch/${'ä'.repeat(128)}`,
    `/scratch${'/abcdefg'.repeat(512)}`,
  ])('takes no path like %j', async (path) => {
    expect(await bench.get(bench.url('', path))).toMatchObject({ status: 400, body: { code: 'BAD_PATH' } });
    expect(await bench.get(contentOf(path))).toMatchObject({ status: 400, body: { code: 'BAD_PATH' } });
    expect(await put(path)).toMatchObject({ status: 400, body: { code: 'BAD_PATH' } });
  });

  it.each(['', '?path=/scratch&path=/data', '?path=%ff', '?path[]=/scratch', '?path=%ed%a0%80/scratch'])(
    'takes no query like %j',
    async (query) => {
      expect(await bench.get(bench.url() + query)).toMatchObject({ status: 400, body: { code: 'BAD_PATH' } });
    },
  );

  it('takes no body but bytes of a length that is told and allowed', async () => {
    const bytes = { 'Content-Type': 'application/octet-stream' };
    const open = (headers: object) =>
      bench.open(bench.ada.browser, 'PUT', contentOf('/scratch/a'), { ...bytes, ...headers });
    const large = await open({ 'Content-Length': String(64 * 1024 ** 2 + 1) });
    const tooLarge = answerTo(large);
    large.flushHeaders();
    expect(await tooLarge).toMatchObject({
      status: 413,
      body: { code: 'FILE_TOO_LARGE', details: { limitBytes: 64 * 1024 ** 2 } },
    });
    large.destroy();
    const unsized = await open({ 'Transfer-Encoding': 'chunked' });
    const noLength = answerTo(unsized);
    unsized.end(content);
    expect(await noLength).toMatchObject({ status: 411, body: { code: 'LENGTH_REQUIRED' } });
    for (const type of ['application/json', 'text/plain', 'multipart/form-data']) {
      const typed = await bench.put('/scratch/a', content, { headers: { 'Content-Type': type } });
      expect(typed).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    }
    expect(at('/scratch/a')).toBeUndefined();
  });

  it('asks a change for our page and its token', async () => {
    const noToken = await bench.put('/scratch/a', content, { headers: { 'X-CSRF-Token': 'x' } });
    expect(noToken).toMatchObject({ status: 403, body: { code: 'CSRF' } });
    const elsewhere = await bench.put('/scratch/a', content, { headers: { Origin: 'https://evil.example' } });
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'WRONG_ORIGIN' } });
    expect(at('/scratch/a')).toBeUndefined();
  });

  describe('belong to those who control the desktop', () => {
    const attempts = (browser = bench.bo.browser) => [
      bench.get(bench.url('', '/scratch'), {}, browser),
      bench.get(contentOf('/scratch/secret'), {}, browser),
      bench.put('/scratch/planted', content, { browser }),
      browser.send('POST', bench.url('/folders'), { path: '/scratch/planted-too' }),
    ];
    beforeEach(() => bench.tree.put('/scratch/secret', Buffer.from('s')));

    it('others learn nothing and leave nothing', async () => {
      for (const answer of await Promise.all(attempts()))
        expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
      expect(at('/scratch/planted')).toBeUndefined();
    });

    it.each(['GUEST', 'SUPPORT'] as const)('a %s looks on', async (role) => {
      await bench.test.dataSource.manager.insert(MemberEntity, {
        instanceId: bench.instance,
        userId: bench.bo.userId,
        role,
      });
      for (const answer of await Promise.all(attempts()))
        expect(answer).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      expect(at('/scratch/planted')).toBeUndefined();
    });

    it.each(['USER'] as const)('a %s may', async (role) => {
      await bench.test.dataSource.manager.insert(MemberEntity, {
        instanceId: bench.instance,
        userId: bench.bo.userId,
        role,
      });
      const statuses = (await Promise.all(attempts())).map(({ status }) => status);
      expect(statuses).toEqual([200, 200, 201, 201]);
    });
  });

  it.each(['STARTING', 'STOPPED', 'FAILED'] as const)('are not there while the desktop is %s', async (state) => {
    await changeInstance(bench.test.dataSource, bench.instance, { state });
    expect(await bench.get(bench.url('', '/scratch'))).toMatchObject({
      status: 409,
      body: { code: 'DESKTOP_NOT_READY' },
    });
  });

  it('say that they cannot be reached when the guest does not serve them', async () => {
    bench.machines.crash(bench.instance);
    expect(await bench.get(bench.url('', '/scratch'))).toMatchObject({
      status: 503,
      body: { code: 'FILES_UNAVAILABLE' },
    });
  });
});

describe('files where the site does not want them, or the process has no desktops', () => {
  it('are off', async () => {
    const bench = await FilesBench.create({ FILES_LIMIT_MIB: '0' });
    await bench.reset();
    expect(await bench.get(bench.url('', '/scratch'))).toMatchObject({ status: 403, body: { code: 'FILES_OFF' } });
    expect(await bench.put('/scratch/a', Buffer.from('x'))).toMatchObject({ status: 403, body: { code: 'FILES_OFF' } });
    expect(await bench.get(bench.url('', '/scratch'), {}, bench.bo.browser)).toMatchObject({ status: 404 });
    await bench.test.close();
  });

  it('cannot be reached, and the answer says why', async () => {
    const bench = await FilesBench.create({ ROLES: 'web' });
    await bench.reset();
    const answer = await bench.get(bench.url('', '/scratch'));
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'FILES_UNAVAILABLE', message: expect.stringContaining('another process') },
    });
    await bench.test.close();
  });
});
