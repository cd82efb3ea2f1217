import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageView, imageView, type ImageVersionView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createTestApp, type TestApp } from '../../test/app/test-app';
import { until } from '../events/testing/until';
import { contentFile, storeFolder, uploadsFolder, workFolder } from './image-folders';
import { ImageRefusedError, type InspectedImage } from './intake';
import { ImageIntake } from './job/image-intake';
import { IntakeLife } from './job/intake-life';
import { IntakeTools } from './job/intake-tools';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

/** In place of QEMU: a file is taken as it is, unless it says otherwise. */
const tools = {
  wait: null as Promise<void> | null,
  inspect: async (file: string): Promise<InspectedImage> => {
    const text = readFileSync(file, 'utf8');
    if (text.startsWith('hostile')) throw new ImageRefusedError('BACKING_FILE', 'names /etc/passwd');
    const identity = { device: '', inode: '', size: '', modified: '', changed: '' };
    const format = text.startsWith('iso') ? 'iso' : 'vmdk';
    return { format, variant: '', virtualBytes: 2 ** 30, virtualMib: 1024, sizeBytes: text.length, identity };
  },
  convert: async (file: string, _inspected: InspectedImage, target: string, options: { signal?: AbortSignal } = {}) => {
    if (tools.wait) {
      writeFileSync(target, 'half of it');
      await Promise.race([
        tools.wait,
        new Promise((_, reject) => options.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
      ]);
    }
    const text = `our ${readFileSync(file, 'utf8').split(':')[0]}`;
    writeFileSync(target, text);
    return { sha256: sha(text), sizeBytes: text.length };
  },
  fetch: async () => {
    throw new Error('told to fetch nothing');
  },
};

describe('images of admins', () => {
  let api: TestApp;
  let ada: TestBrowser;
  let staff: TestBrowser;
  let intake: ImageIntake;
  const go = new AbortController();

  beforeAll(async () => {
    api = await createTestApp({
      override: (builder) =>
        builder.overrideProvider(IntakeTools).useValue(tools).overrideProvider(IntakeLife).useValue({}),
    });
    ada = (await api.signedIn('ada', ['ADMIN'])).browser;
    staff = (await api.signedIn('sten', ['STAFF'])).browser;
    intake = api.app.get(ImageIntake);
    mkdirSync(api.config.imageIntake.dir, { recursive: true });
  });
  afterAll(() => api.close());
  afterEach(() => {
    tools.wait = null;
  });

  const incoming = (name: string, text: string) => writeFileSync(join(api.config.imageIntake.dir, name), text);
  const image = async (id: string) => imageView.parse((await ada.get(`/api/images/${id}`)).body);
  const version = async (id: string, number: number): Promise<ImageVersionView> => {
    const found = (await image(id)).versions.find((one) => one.number === number);
    if (!found) throw new Error(`no version ${number}`);
    return found;
  };
  const make = (id: string, given: object = {}) => ada.send('POST', '/api/images', { id, name: `Image ${id}`, ...given });
  const register = async (id: string, name: string, given: object = {}): Promise<number> => {
    const made = await ada.send('POST', `/api/images/${id}/versions`, { source: { kind: 'file', name }, ...given });
    expect(made.status).toBe(201);
    return (made.body as ImageView).versions[0]?.number ?? 0;
  };
  const act = (id: string, number: number, what: string) => ada.send('POST', `/api/images/${id}/versions/${number}/${what}`);
  const take = () => intake.once(go.signal);

  it('are made with whom they are offered to, and refuse ids that are taken or mean nothing', async () => {
    const made = await make('first', { offering: { beamlines: ['id11-diff'], groups: ['xrays'] } });
    expect(made).toMatchObject({
      status: 201,
      body: { id: 'first', origin: 'admin', offering: { beamlines: ['id11-diff'], techniques: [], groups: ['xrays'] } },
    });
    expect(await make('first')).toMatchObject({ status: 409, body: { code: 'ID_TAKEN' } });
    expect(await make('tiny')).toMatchObject({ status: 409, body: { code: 'ID_TAKEN' } });
    const unknown = await make('second', { offering: { beamlines: ['nowhere'] } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'UNKNOWN_REFERENCE', details: { ids: ['nowhere'] } } });
    const changed = await ada.request('PATCH', '/api/images/first', { name: 'First' }, await headers(ada));
    expect(changed).toMatchObject({ status: 200, body: { name: 'First', offering: { groups: ['xrays'] } } });
  });

  it('take a file of the server in: our own content, by its hash, read-only, and a draft that is told who did what', async () => {
    await make('disk');
    incoming('disk.vmdk', 'disk');
    const number = await register('disk', 'disk.vmdk', { software: [{ name: 'pyFAI', version: '2024.1' }], agent: true });
    expect(await version('disk', number)).toMatchObject({ state: 'importing', progress: { step: 'waiting' }, sha256: null });
    expect(await take()).toBe(true);
    const content = contentFile(api.config.dataDir, sha('our disk'), 'disk');
    expect(readFileSync(content, 'utf8')).toBe('our disk');
    expect(statSync(content).mode & 0o777).toBe(0o444);
    expect(await version('disk', number)).toMatchObject({
      ...{ state: 'draft', progress: null, failure: null, format: 'vmdk', sha256: sha('our disk'), boot: 'disk' },
      ...{ virtualMib: 1024, sizeBytes: 8, source: { kind: 'file', name: 'disk.vmdk' }, uses: { desktops: 0, keptDisks: 0 } },
      history: [
        { what: 'registered', who: { name: 'ada Tester' } },
        { what: 'taken-in', who: null },
      ],
    });
    expect(readdirSync(workFolder(api.config.dataDir))).toEqual([]);
    expect(await take()).toBe(false);
  });

  it('refuse a hostile file with the reason, and leave nothing of it', async () => {
    await make('hostile');
    incoming('bad.qcow2', 'hostile');
    const number = await register('hostile', 'bad.qcow2');
    await take();
    expect(await version('hostile', number)).toMatchObject({
      state: 'failed',
      failure: { code: 'BACKING_FILE', detail: 'names /etc/passwd' },
    });
    expect(await act('hostile', number, 'activate')).toMatchObject({ status: 409, body: { code: 'NOT_READY' } });
    expect(readdirSync(workFolder(api.config.dataDir))).toEqual([]);
    // The file was mended meanwhile.
    incoming('bad.qcow2', 'mended');
    expect((await act('hostile', number, 'retry')).status).toBe(200);
    await take();
    expect(await version('hostile', number)).toMatchObject({ state: 'draft', failure: null });
  });

  it.each([['../../site.yaml'], ['.hidden'], ['a/b'], ['']])('refuse %p as the name of a file', async (name) => {
    const answer = await ada.send('POST', '/api/images/disk/versions', { source: { kind: 'file', name } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  it.each(['plans', 'flavours', 'gpus', 'new', 'files'])('refuse %p as an id: a page is there', async (id) => {
    expect(await ada.send('POST', '/api/images', { id, name: 'Taken' })).toMatchObject({ status: 400 });
  });

  it.each([
    ['RDP without our agent', { protocol: 'rdp' }],
    ['BIOS of aarch64', { architecture: 'aarch64' }],
    ['a boot script without our agent', { setup: { kind: 'script', text: 'true' } }],
  ])('refuse what contradicts itself: %s', async (_, traits) => {
    await make('contradictory');
    incoming('some', 'some');
    const source = { kind: 'file', name: 'some' };
    const answer = await ada.send('POST', '/api/images/contradictory/versions', { source, ...traits });
    expect(answer).toMatchObject({ status: 400, body: { code: 'TRAITS_CONTRADICT' } });
  });

  it('refuse a file that is not there, and addresses where none are allowed', async () => {
    const gone = await ada.send('POST', '/api/images/disk/versions', { source: { kind: 'file', name: 'gone' } });
    expect(gone).toMatchObject({ status: 409, body: { code: 'SOURCE_MISSING' } });
    const source = { kind: 'url', url: 'https://images.example.org/a.qcow2', sha256: 'a'.repeat(64) };
    const url = await ada.send('POST', '/api/images/disk/versions', { source });
    expect(url).toMatchObject({ status: 409, body: { code: 'URL_NOT_ALLOWED' } });
  });

  it('have one active version: activating another retires it, also by two clicks at once', async () => {
    await make('versions');
    incoming('one', 'one');
    incoming('two', 'two');
    const [one, two] = [await register('versions', 'one'), await register('versions', 'two')];
    await take();
    await take();
    await Promise.all([act('versions', one, 'activate'), act('versions', two, 'activate')]);
    expect((await image('versions')).versions.map(({ state }) => state).sort()).toEqual(['active', 'retired']);
    await act('versions', two, 'activate');
    await act('versions', two, 'activate');
    expect((await image('versions')).versions.map(({ number, state }) => [number, state])).toEqual([
      [two, 'active'],
      [one, 'retired'],
    ]);
    const active = await ada.send('DELETE', `/api/images/versions/versions/${two}`);
    expect(active).toMatchObject({ status: 409, body: { code: 'VERSION_ACTIVE' } });
    const audit = await api.dataSource.query<{ what: string }[]>(
      `SELECT details->>'what' AS what FROM audit_entry
       WHERE kind = 'image-version' AND details->>'image' = 'versions' AND details->>'version' = $1 ORDER BY id DESC LIMIT 1`,
      [String(two)],
    );
    expect(audit).toEqual([{ what: 'activated' }]);
  });

  it('share a content, which goes with the last version that names it', async () => {
    await make('same');
    incoming('a', 'same:a');
    incoming('b', 'same:b');
    const [a, b] = [await register('same', 'a'), await register('same', 'b')];
    await take();
    await take();
    const content = contentFile(api.config.dataDir, sha('our same'), 'disk');
    expect((await ada.send('DELETE', `/api/images/same/versions/${a}`)).status).toBe(204);
    await intake.sweep();
    expect(existsSync(content)).toBe(true);
    expect((await ada.send('DELETE', `/api/images/same/versions/${b}`)).status).toBe(204);
    await intake.sweep();
    expect(existsSync(content)).toBe(false);
  });

  it('keep an ISO as an ISO', async () => {
    await make('iso');
    incoming('debian.iso', 'iso');
    const number = await register('iso', 'debian.iso', { clonable: false });
    await take();
    expect(await version('iso', number)).toMatchObject({ state: 'draft', boot: 'iso', format: 'iso', clonable: false });
    expect(existsSync(contentFile(api.config.dataDir, sha('our iso'), 'iso'))).toBe(true);
  });

  describe('while one is taken in', () => {
    let release: () => void;
    const never = () => {
      tools.wait = new Promise((resolve) => (release = resolve));
    };
    const step = (id: string, number: number, wanted: string) =>
      until(async () => (await version(id, number)).progress?.step === wanted);

    it('tell how far it is, and begin anew when the worker is cut off', async () => {
      await make('cut');
      incoming('cut', 'cut');
      const number = await register('cut', 'cut');
      never();
      const killed = new AbortController();
      const working = intake.once(killed.signal);
      await step('cut', number, 'converting');
      // Somebody else leaves it alone meanwhile.
      expect(await take()).toBe(false);
      killed.abort();
      await working;
      expect(await version('cut', number)).toMatchObject({ state: 'importing' });
      expect(readdirSync(workFolder(api.config.dataDir))).toEqual([]);
      // What a killed one would leave.
      mkdirSync(join(workFolder(api.config.dataDir), `cut.${number}`, 'content'), { recursive: true });
      writeFileSync(join(workFolder(api.config.dataDir), `cut.${number}`, 'content/disk.qcow2'), 'half of it');
      tools.wait = null;
      await take();
      expect(await version('cut', number)).toMatchObject({ state: 'draft', sha256: sha('our cut') });
    });

    it('stop at once when an admin says so; deleting does the same', async () => {
      await make('stopped');
      incoming('stopped', 'stopped');
      const number = await register('stopped', 'stopped');
      never();
      const working = take();
      await step('stopped', number, 'converting');
      expect((await act('stopped', number, 'abort')).status).toBe(200);
      await working;
      expect(await version('stopped', number)).toMatchObject({ state: 'failed', failure: { code: 'ABORTED' } });
      expect((await act('stopped', number, 'retry')).status).toBe(200);
      const again = take();
      await step('stopped', number, 'converting');
      expect((await ada.send('DELETE', `/api/images/stopped/versions/${number}`)).status).toBe(204);
      await again;
      expect((await image('stopped')).versions).toEqual([]);
      release();
    });

    it('remove a content whose version was never written down', async () => {
      const orphan = join(storeFolder(api.config.dataDir), 'f'.repeat(64));
      mkdirSync(orphan, { recursive: true });
      await intake.sweep();
      expect(existsSync(orphan)).toBe(false);
    });
  });

  it('hold on to what desktops use: 409 with figures, for the version and the image', async () => {
    await make('used');
    incoming('used', 'used');
    const number = await register('used', 'used');
    await take();
    await api.dataSource.query(
      `INSERT INTO instance (id, installation_id, owner_id, proposal_key, proposal_name, proposal_title, catalogue, service,
         plan_id, plan_snapshot, data_access, host_id, state, alloc_machines, alloc_vcpus, alloc_memory_mib, alloc_storage_mib)
       SELECT gen_random_uuid(), installation.id, u.id, 'k', 'n', 't', 'demo', 'desktop', 'p',
         jsonb_build_object('imageId', 'used', 'imageVersion', $1::int), '{}', 'local', 'STOPPED', 0, 0, 0, 5
       FROM installation, (SELECT id FROM user_account LIMIT 1) u`,
      [number],
    );
    const uses = { desktops: 1, keptDisks: 1 };
    expect((await version('used', number)).uses).toEqual(uses);
    const refused = { status: 409, body: { code: 'IMAGE_IN_USE', details: uses } };
    expect(await ada.send('DELETE', `/api/images/used/versions/${number}`)).toMatchObject(refused);
    const whole = { status: 409, body: { code: 'IMAGE_IN_USE', details: { desktops: 1, plans: 0 } } };
    expect(await ada.send('DELETE', '/api/images/used')).toMatchObject(whole);
    await api.dataSource.query(`UPDATE instance SET state = 'DELETED'`);
    expect((await ada.send('DELETE', '/api/images/used')).status).toBe(204);
  });

  it('are for admins alone', async () => {
    for (const path of ['/api/images', '/api/images/files', '/api/images/disk']) {
      expect(await staff.get(path)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    }
    expect(await staff.send('POST', '/api/images', { id: 'mine', name: 'Mine' })).toMatchObject({ status: 403 });
    expect(await staff.send('POST', '/api/uploads', undefined, { 'Tus-Resumable': '1.0.0' })).toMatchObject({ status: 403 });
  });

  describe('uploads', () => {
    const TUS = { 'Tus-Resumable': '1.0.0' };
    const b64 = (text: string) => Buffer.from(text).toString('base64');
    const begin = async (browser: TestBrowser, length: number, metadata = `filename ${b64('up.vmdk')}`) =>
      browser.request('POST', '/api/uploads', undefined, {
        ...TUS,
        ...(await headers(browser)),
        'Upload-Length': String(length),
        'Upload-Metadata': metadata,
      });
    const send = async (browser: TestBrowser, at: string, offset: number, text: string) =>
      browser.request('PATCH', at, text, {
        ...TUS,
        ...(await headers(browser)),
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': String(offset),
      });
    const offset = async (browser: TestBrowser, at: string) =>
      (await browser.request('HEAD', at, undefined, TUS)).headers.get('upload-offset');

    it('go on after a break, belong to one person, and become a version that checks the whole', async () => {
      const { browser: eve } = await api.signedIn('eve', ['ADMIN']);
      const begun = await begin(ada, 8, `filename ${b64('up.vmdk')},owner ${b64('me')},sha256 ${b64(sha('uploaded'))}`);
      expect(begun).toMatchObject({ status: 201 });
      expect(begun.headers.get('access-control-allow-origin')).toBeNull();
      const at = begun.location ?? '';
      expect(at).toMatch(/^\/api\/uploads\/[0-9a-f]{32}$/);
      expect((await send(ada, at, 0, 'uplo')).status).toBe(204);
      expect(await offset(ada, at)).toBe('4');
      const upload = at.split('/').at(-1) ?? '';
      const source = { kind: 'upload', upload };
      await make('uploaded');
      const early = await ada.send('POST', '/api/images/uploaded/versions', { source });
      expect(early).toMatchObject({ status: 409, body: { code: 'UPLOAD_NOT_FINISHED' } });
      // Another admin neither sees, goes on with, removes nor uses it.
      expect((await eve.request('HEAD', at, undefined, TUS)).status).toBe(404);
      expect((await send(eve, at, 4, 'aded')).status).toBe(404);
      expect((await eve.send('DELETE', at, undefined, TUS)).status).toBe(404);
      expect(await offset(ada, at)).toBe('4');
      expect((await send(ada, at, 4, 'aded')).status).toBe(204);
      expect(await eve.send('POST', '/api/images/uploaded/versions', { source })).toMatchObject({
        status: 409,
        body: { code: 'SOURCE_MISSING' },
      });
      expect((await ada.send('POST', '/api/images/uploaded/versions', { source })).status).toBe(201);
      await take();
      expect(await version('uploaded', 1)).toMatchObject({ state: 'draft', source: { kind: 'upload', name: 'up.vmdk' } });
      expect(readdirSync(uploadsFolder(api.config.dataDir)).filter((name) => name.startsWith(upload))).toEqual([]);
    });

    it('are refused when the whole is not what was sent', async () => {
      const begun = await begin(ada, 3, `filename ${b64('x')},sha256 ${b64('0'.repeat(64))}`);
      await send(ada, begun.location ?? '', 0, 'abc');
      await make('wrong');
      const source = { kind: 'upload', upload: begun.location?.split('/').at(-1) };
      expect((await ada.send('POST', '/api/images/wrong/versions', { source })).status).toBe(201);
      await take();
      expect(await version('wrong', 1)).toMatchObject({ state: 'failed', failure: { code: 'CHECKSUM_MISMATCH' } });
    });

    it('have a limit of size and number, and ask for the token of the session', async () => {
      const large = await begin(ada, api.config.imageIntake.uploadLimitBytes + 1);
      expect(large).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
      const bare = await ada.request('POST', '/api/uploads', undefined, { ...TUS, Origin: api.url, 'Upload-Length': '5' });
      expect(bare).toMatchObject({ status: 403, body: { code: 'CSRF' } });
      const foreign = await ada.request('POST', '/api/uploads', undefined, { ...TUS, ...(await headers(ada)), Origin: 'https://x.example' });
      expect(foreign).toMatchObject({ status: 403, body: { code: 'WRONG_ORIGIN' } });
      const { browser: max } = await api.signedIn('max', ['ADMIN']);
      const places: string[] = [];
      for (let i = 0; i < 5; i++) places.push((await begin(max, 5)).location ?? '');
      expect(await begin(max, 5)).toMatchObject({ status: 409, body: { code: 'TOO_MANY_UPLOADS' } });
      expect((await max.send('DELETE', places[0] ?? '', undefined, TUS)).status).toBe(204);
      expect((await begin(max, 5)).status).toBe(201);
    });
  });

  async function headers(browser: TestBrowser): Promise<Record<string, string>> {
    const { csrfToken } = (await browser.get('/api/session')).body as { csrfToken: string };
    return { Origin: api.url, 'X-CSRF-Token': csrfToken };
  }
});
