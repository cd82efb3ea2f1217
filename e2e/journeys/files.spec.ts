import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InstanceView } from '@beamdesk/contracts';
import { answerOf, GuestFiles } from '../harness/guest-files';
import { Installation, until } from '../harness/installation';
import { PortalClient } from '../harness/portal-client';

const MIB = 1024 ** 2;
/** A cold boot under plain emulation. */
const BOOT_MS = 300_000;
/** The scratch limit of this site: room for one large file and not for two. */
const SCRATCH_MIB = 120;
const DEMO_SITE = resolve(import.meta.dirname, '../../config/demo/site.yaml');

jest.setTimeout(900_000);

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('files of a real desktop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'files-'));
  let installation: Installation;
  let ada: PortalClient;
  let instance: InstanceView;
  let files: GuestFiles;

  beforeAll(async () => {
    const site = join(folder, 'site.yaml');
    const demo = readFileSync(DEMO_SITE, 'utf8').replace(/(limitMib:) *\d+/, `$1 ${SCRATCH_MIB}`);
    // Its communities stay where they are.
    writeFileSync(site, demo.replace(/^communities:.*$/m, ''));
    // The api reads it as another user.
    chmodSync(folder, 0o755);
    const env = { SITE_FILE: site, TEMPLATES: 'off', FILES_LIMIT_MIB: '512' };
    installation = await Installation.start({ env, readyWithinMs: 900_000 });
    ada = await PortalClient.signIn(installation.url, 'ada');
    const key = (await ada.proposalKeys()).find((one) => one.endsWith('20260301')) ?? '';
    const launched = await ada.launch(key);
    if (!launched.ok) throw new Error(launched.body.message);
    instance = await until(
      async () => (await ada.instances()).find(({ state }) => state === 'READY'),
      BOOT_MS,
      () => 'READY',
    );
    files = new GuestFiles(ada, instance.id);
  });

  afterAll(async () => {
    await installation?.remove();
    rmSync(folder, { recursive: true });
  });

  /** Names of the files in ada's scratch folder, as the host has them. */
  const onHost = () => {
    const root = join(installation.dataDir, 'scratch');
    const paths = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
    return paths.filter((path) => statSync(join(root, path)).isFile()).map((path) => join(root, path));
  };
  const named = (name: string) => onHost().find((path) => path.endsWith(`/${name}`));
  const apiMib = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${installation.pid('api')}/status`, 'utf8'))?.[1] ?? 0) / 1024;

  it('shows the three places', async () => {
    const { status, body } = await files.list('/scratch');
    expect(status).toBe(200);
    expect(body).toMatchObject({ path: '/scratch', entries: [], truncated: false, limitBytes: 512 * MIB });
    expect(body.freeBytes).toBeGreaterThan(0.9 * SCRATCH_MIB * MIB);
    expect(body.freeBytes).toBeLessThanOrEqual(SCRATCH_MIB * MIB);
    expect(body.places.map(({ name, writable }) => [name, writable])).toEqual([
      ['Scratch', true],
      ['Data', false],
      ['Home', true],
    ]);
    expect((await files.list('/home/user')).body.entries.every(({ kind }) => ['file', 'folder'].includes(kind))).toBe(
      true,
    );
  });

  it('takes 50 MB and gives them back, bit by bit', async () => {
    const content = randomBytes(50_000_000);
    const started = performance.now();
    expect(await files.send('/scratch/fifty.bin', content)).toMatchObject({
      status: 201,
      body: { name: 'fifty.bin', size: content.length },
    });
    const sent = performance.now();
    expect(sha256(readFileSync(named('fifty.bin') ?? ''))).toBe(sha256(content));
    const back = await files.receive('/scratch/fifty.bin');
    const speed = (ms: number) => `${(50_000 / ms).toFixed(1)} MB/s`;
    console.log(`50 MB to the guest ${speed(sent - started)}, from it ${speed(performance.now() - sent)}`);
    expect(back).toMatchObject({ status: 200, bytes: content.length, sha256: sha256(content) });
    const rest = await files.receiving('/scratch/fifty.bin', { Range: `bytes=${content.length - 10}-` });
    expect([rest.statusCode, rest.headers['content-range']]).toEqual([
      206,
      `bytes ${content.length - 10}-${content.length - 1}/${content.length}`,
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of rest) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(content.subarray(-10))).toBe(true);
  });

  it.each(['two words.txt', 'Überlauf ß é.h5', 'emoji 😀.png', "it's %2f?&#+.x", '.hidden'])(
    'takes and gives %j',
    async (name) => {
      const content = Buffer.from(`This is ${name}.\n`);
      expect(await files.send(`/scratch/${name}`, content)).toMatchObject({ status: 201, body: { name } });
      expect(readFileSync(named(name) ?? '').equals(content)).toBe(true);
      expect(await files.names('/scratch')).toContain(name);
      expect(await files.receive(`/scratch/${name}`)).toMatchObject({ bytes: content.length, sha256: sha256(content) });
    },
  );

  it('takes an empty file, and folders', async () => {
    expect(await files.makeFolder('/scratch/Messung 1')).toBe(201);
    expect(await files.makeFolder('/scratch/Messung 1')).toBe(200);
    expect(await files.send('/scratch/Messung 1/empty', Buffer.alloc(0))).toMatchObject({
      status: 201,
      body: { size: 0 },
    });
    expect((await files.list('/scratch/Messung 1')).body.entries).toMatchObject([
      { name: 'empty', kind: 'file', size: 0 },
    ]);
    expect(await files.receive('/scratch/Messung 1/empty')).toMatchObject({ status: 200, bytes: 0 });
  });

  it('replaces a file only when told to', async () => {
    expect(await files.send('/scratch/two words.txt', Buffer.from('new'))).toMatchObject({
      status: 409,
      body: { code: 'FILE_EXISTS' },
    });
    expect(await files.send('/scratch/two words.txt', Buffer.from('new'), true)).toMatchObject({ status: 201 });
    expect(readFileSync(named('two words.txt') ?? '', 'utf8')).toBe('new');
  });

  it('shows the data of the proposal and lets nobody change them', async () => {
    const [proposal = ''] = await files.names('/data');
    const { entries } = (await files.list(`/data/${proposal}`)).body;
    expect(entries.length).toBeGreaterThan(0);
    const refused = await files.send(`/data/${proposal}/mine`, Buffer.from('x'));
    expect(refused).toMatchObject({ status: 403, body: { code: 'FILE_NOT_PERMITTED' } });
    expect(await files.list('/etc')).toMatchObject({ status: 400, body: { code: 'BAD_PATH' } });
    expect(await files.list('/scratch/none')).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
  });

  it('leaves nothing of an upload that is cancelled half way, and goes on', async () => {
    const before = onHost().length;
    const request = await files.sending('/scratch/cancelled', 20 * MIB);
    request.write(randomBytes(10 * MIB));
    await until(
      () => onHost().some((path) => path.endsWith('.part')),
      30_000,
      () => 'the upload to begin',
    );
    expect(await files.names('/scratch')).not.toContainEqual(expect.stringMatching(/part$|cancelled/));
    request.destroy();
    await until(
      () => onHost().length === before,
      30_000,
      () => `nothing to be left: ${onHost().join(', ')}`,
    );
    expect(await files.send('/scratch/after', Buffer.from('x'))).toMatchObject({ status: 201 });
  });

  it('says that scratch has no room, before anything is sent and without harm', async () => {
    const request = await files.sending('/scratch/too-large', 100 * MIB);
    request.write(Buffer.alloc(MIB));
    const [answer] = (await once(request, 'response')) as [{ statusCode?: number }];
    expect(answer.statusCode).toBe(507);
    request.destroy();
    const large = await files.sending('/home/user/too-large', 513 * MIB);
    large.write(Buffer.alloc(MIB));
    const [refused] = (await once(large, 'response')) as [{ statusCode?: number }];
    expect(refused.statusCode).toBe(413);
    large.destroy();
    expect(await files.names('/scratch')).toContain('after');
  });

  it('keeps no file in memory, whichever side is slow', async () => {
    const before = apiMib();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, apiMib())), 100);
    const piece = randomBytes(4 * MIB);
    const request = await files.sending('/home/user/large.bin', 200 * MIB);
    const hash = createHash('sha256');
    for (let sent = 0; sent < 200; sent += 4) {
      hash.update(piece);
      if (!request.write(piece)) await once(request, 'drain');
    }
    expect(await answerOf(request)).toMatchObject({ status: 201, body: { size: 200 * MIB } });
    const unread = await files.receiving('/home/user/large.bin');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const back = await files.receive('/home/user/large.bin');
    unread.destroy();
    clearInterval(watch);
    console.log(`the api's memory: ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`);
    expect(back).toMatchObject({ bytes: 200 * MIB, sha256: hash.digest('hex') });
    expect(most - before).toBeLessThan(100);
  });

  it('belongs to its members', async () => {
    const chen = new GuestFiles(await PortalClient.signIn(installation.url, 'chen'), instance.id);
    expect(await chen.list('/scratch')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await chen.send('/scratch/planted', Buffer.from('x'))).toMatchObject({ status: 404 });
    expect((await chen.receiving('/scratch/after')).statusCode).toBe(404);
    expect(named('planted')).toBeUndefined();
  });

  it('ends a download when its person signs out', async () => {
    const again = await PortalClient.signIn(installation.url, 'ada');
    const download = await new GuestFiles(again, instance.id).receiving('/home/user/large.bin');
    expect(download.statusCode).toBe(200);
    const started = performance.now();
    const cut = once(download, 'error');
    await again.send('POST', '/api/auth/sign-out');
    // Slower than the guest, so that it cannot have been the end of the file.
    const slowly = setInterval(() => download.read(64 * 1024), 50);
    await cut;
    clearInterval(slowly);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('ends an upload when the desktop is stopped, and says so', async () => {
    const request = await files.sending('/scratch/stopped', 20 * MIB);
    const answered = once(request, 'response') as Promise<[{ statusCode?: number }]>;
    request.write(randomBytes(10 * MIB));
    await until(
      () => onHost().some((path) => path.endsWith('.part')),
      30_000,
      () => 'the upload to begin',
    );
    await ada.send('POST', `/api/instances/${instance.id}/stop`);
    const [answer] = await answered;
    expect([409, 503]).toContain(answer.statusCode);
    request.destroy();
    const later = await files.list('/scratch');
    expect([404, 409]).toContain(later.status);
  });
});
