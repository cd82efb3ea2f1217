import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ImageView, type ImageVersionView, imageView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createTestApp, type TestApp } from '../../test/app/test-app';
import { until } from '../events/testing/until';
import { contentFile, workFolder } from './image-folders';
import type { InspectedImage } from './intake';
import { ImageIntake } from './job/image-intake';
import { IntakeLife } from './job/intake-life';
import { IntakeTools } from './job/intake-tools';

const CONTENT = 'ours';
const SHA = createHash('sha256').update(CONTENT).digest('hex');

type Step = 'fetch' | 'inspect' | 'convert';
interface Signalled {
  signal?: AbortSignal;
}

/** Stands still in one step, half done, until it is told to stop. */
let stuck: Step | null = null;
const stand = async (step: Step, file: string, { signal }: Signalled) => {
  if (stuck !== step) return;
  writeFileSync(file, 'half');
  await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('told to stop'))));
};
const INSPECTED: InspectedImage = {
  ...{ format: 'qcow2', variant: 'v3', virtualBytes: 2 ** 20, virtualMib: 1, sizeBytes: 4 },
  identity: { device: '', inode: '', size: '', modified: '', changed: '' },
};
const tools: IntakeTools = {
  fetch: async (_url, target, rules, options) => {
    await stand('fetch', target, options);
    writeFileSync(target, rules.hosts.join());
    return { sha256: '0'.repeat(64), sizeBytes: 4, name: 'a.qcow2' };
  },
  inspect: async (file, options = {}) => {
    await stand('inspect', join(dirname(file), 'scratch'), options);
    return INSPECTED;
  },
  convert: async (_file, _inspected, target, options = {}) => {
    await stand('convert', target, options);
    writeFileSync(target, CONTENT);
    return { sha256: SHA, sizeBytes: CONTENT.length };
  },
};

describe('a worker that is cut off while it takes an image in', () => {
  let api: TestApp;
  let admin: TestBrowser;
  let intake: ImageIntake;

  beforeAll(async () => {
    api = await createTestApp({
      env: { IMAGE_URL_HOSTS: 'images.example.org' },
      override: (builder) =>
        builder.overrideProvider(IntakeTools).useValue(tools).overrideProvider(IntakeLife).useValue({}),
    });
    ({ browser: admin } = await api.signedIn('root', ['ADMIN']));
    intake = api.app.get(ImageIntake);
  });
  afterAll(() => api.close());

  async function begin(id: string): Promise<() => Promise<ImageVersionView | undefined>> {
    await admin.send('POST', '/api/images', { id, name: id });
    const source = { kind: 'url', url: 'https://images.example.org/a.qcow2', sha256: '0'.repeat(64) };
    const made = await admin.send('POST', `/api/images/${id}/versions`, { source });
    expect((made.body as ImageView).versions[0]?.state).toBe('importing');
    return async () => imageView.parse((await admin.get(`/api/images/${id}`)).body).versions[0];
  }
  const content = () => contentFile(api.config.dataDir, SHA, 'disk');

  it.each<[Step, string]>([
    ['fetch', 'fetching'],
    ['inspect', 'inspecting'],
    ['convert', 'converting'],
  ])('in the step %s: the next one begins anew, and nothing is left', async (step, told) => {
    const version = await begin(`cut-${step}`);
    stuck = step;
    const ending = new AbortController();
    const working = intake.once(ending.signal);
    await until(async () => (await version())?.progress?.step === told);
    ending.abort();
    expect(await working).toBe(true);
    expect(await version()).toMatchObject({ state: 'importing', failure: null });
    stuck = null;
    expect(await intake.once(new AbortController().signal)).toBe(true);
    expect(await version()).toMatchObject({ state: 'draft', sha256: SHA });
    expect((await version())?.history.map(({ what }) => what)).toEqual(['registered', 'taken-in']);
    expect(readFileSync(content(), 'utf8')).toBe(CONTENT);
    expect(readdirSync(workFolder(api.config.dataDir))).toEqual([]);
  });

  it('after the content was moved and before the row says so: the same content is used, or swept', async () => {
    const version = await begin('cut-store');
    await api.dataSource.query(`DELETE FROM image WHERE id <> 'cut-store' AND origin = 'admin'`);
    await intake.sweep();
    expect(existsSync(content())).toBe(false);
    mkdirSync(dirname(content()), { recursive: true });
    writeFileSync(content(), CONTENT);
    await intake.once(new AbortController().signal);
    expect(await version()).toMatchObject({ state: 'draft', sha256: SHA });
    expect(readFileSync(content(), 'utf8')).toBe(CONTENT);
  });

  it('loses the right to go on with its connection to the database', async () => {
    const version = await begin('cut-connection');
    stuck = 'convert';
    const working = intake.once(new AbortController().signal);
    await until(async () => (await version())?.progress?.step === 'converting');
    await api.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND granted`,
    );
    expect(await working).toBe(true);
    stuck = null;
    expect(await version()).toMatchObject({ state: 'importing' });
    await intake.once(new AbortController().signal);
    expect(await version()).toMatchObject({ state: 'draft' });
  });
});
