import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InstanceView, TemplateView } from '@beamdesk/contracts';
import { Installation, until } from '../harness/installation';
import { Ledger } from '../harness/ledger';
import { PortalClient } from '../harness/portal-client';
import { mulberry32 } from '../harness/random';
import { builderPid, TEMPLATE_FILES, templateFiles } from '../harness/template-files';
import { settledTemplates, templates } from '../harness/templates';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(900_000);

const BUILD_MS = 240_000;
const SETTLED = new Set(['READY', 'FAILED']);
/** How long a copy takes to come up, roughly: moments to kill lie within. */
const CLONE_MS = 1_500;

describe('templates and copies under kill -9', () => {
  let installation: Installation;
  let ledger: Ledger;
  let admin: PortalClient;
  let ada: PortalClient;
  let keys: string[];
  const seed = Number(process.env['BEAMDESK_STORM_SEED'] ?? 20261122);
  const random = mulberry32(seed);

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    ledger = new Ledger(installation);
    admin = await PortalClient.signIn(installation.url, 'farid');
    ada = await PortalClient.signIn(installation.url, 'ada');
    keys = (await ada.proposalKeys()).slice(0, 3);
  });

  afterAll(() => installation?.remove());

  const killApi = async () => {
    installation.kill('api');
    await until(() => installation.ready(), 60_000, () => 'the api to answer again');
  };

  const theTemplate = async (): Promise<TemplateView> => (await templates(admin))[0] as TemplateView;
  /** The process of the build under way. */
  const building = (): Promise<number> =>
    until(async () => ((await theTemplate()).state === 'building' ? builderPid(installation) : null), 60_000, () => 'a build');

  const rebuild = async () => {
    const { hostId, key } = await theTemplate();
    expect((await admin.send('POST', `/api/templates/${hostId}/${key}/rebuild`)).status).toBe(202);
    await building();
  };

  /** One template, whole, in one folder, and no process that belongs to nobody. */
  const expectOneTemplate = async () => {
    expect(await settledTemplates(admin, BUILD_MS)).toMatchObject([{ state: 'ready', failures: 0, failure: null }]);
    await until(() => Object.keys(templateFiles(installation)).length === 1, 30_000, () => `one template, not ${JSON.stringify(templateFiles(installation))}`);
    expect(Object.values(templateFiles(installation))).toEqual([TEMPLATE_FILES]);
    expect(installation.qemuPids().sort()).toEqual(installation.machinePids().sort());
  };

  const settled = (): Promise<InstanceView[]> =>
    until(
      async () => {
        const instances = await ada.instances().catch(() => null);
        return instances?.every(({ state }) => SETTLED.has(state)) ? instances : null;
      },
      180_000,
      () => `every desktop to settle (seed ${seed})`,
    );

  const expectAgreement = async () => {
    const books = await ledger.read();
    const { instances } = books;
    expect({ seed, ...books }).toEqual({ seed, instances, ports: instances, folders: instances, machines: instances, allocated: instances.length });
    expect((await ada.get<{ usage: { machines: number } }>('/api/quota')).usage.machines).toBe(instances.length);
    expect(installation.qemuPids().sort()).toEqual(installation.machinePids().sort());
  };

  const endAll = async () => {
    for (const { id } of await ada.instances()) await ada.end(id);
    await until(async () => (await ada.instances()).length === 0, 60_000, () => 'every desktop to be gone');
    expect(await ledger.read()).toEqual({ instances: [], ports: [], folders: [], machines: [], allocated: 0 });
  };

  const launchOne = async (): Promise<InstanceView> => {
    expect((await ada.launch(keys[0] ?? '')).status).toBe(200);
    const [desktop] = await settled();
    expect(desktop).toMatchObject({ state: 'READY', failure: null });
    return desktop as InstanceView;
  };

  it('the api, while a template is made: it is made anew, whole, and nobody is blamed', async () => {
    // The very first one, whatever its maker is at.
    await killApi();
    await expectOneTemplate();
    for (const moment of [random() * 3_000, 3_000 + random() * 5_000]) {
      await rebuild();
      await delay(moment);
      await killApi();
      await expectOneTemplate();
    }
  });

  it('the machine that is to be saved, while there is a good template: that one stays', async () => {
    const before = Object.keys(templateFiles(installation));
    await rebuild();
    process.kill(await building(), 'SIGKILL');
    await expectOneTemplate();
    expect(Object.keys(templateFiles(installation))).toEqual(before);
    expect((await launchOne()).launch?.path).toBe('clone');
    await endAll();
  });

  it('the api, while copies come up and become somebody’s: all are there afterwards', async () => {
    for (let round = 0; round < 6; round++) {
      const clicks = keys.map((key) => ada.launch(key).catch(() => null));
      await delay(random() * CLONE_MS);
      await killApi();
      await Promise.all(clicks);
      const desktops = await settled();
      expect({ seed, round, states: desktops.map(({ state }) => state) }).toEqual({ seed, round, states: desktops.map(() => 'READY') });
      await expectAgreement();
      await endAll();
    }
    await expectOneTemplate();
  });

  it('the QEMU of a copy, at any moment: its place is free, and the next launch is a copy again', async () => {
    for (let round = 0; round < 6; round++) {
      expect((await ada.launch(keys[0] ?? '')).status).toBe(200);
      const [pid] = await until(
        () => (installation.machinePids().length > 0 ? installation.machinePids() : null),
        30_000,
        () => 'its QEMU',
      );
      await delay(random() * CLONE_MS);
      process.kill(pid as number, 'SIGKILL');
      await until(() => !installation.qemuPids().includes(pid as number), 10_000, () => 'the end of that QEMU');
      await until(async () => (await ada.instances())[0]?.state !== 'READY' || installation.machinePids().length > 0, 30_000, () => 'word of it');
      await settled();
      await expectAgreement();
      await endAll();
    }
    await expectOneTemplate();
    expect((await launchOne()).launch?.path).toBe('clone');
    await endAll();
  });

  it('the machine that is to be saved, after its template broke: set aside; launches boot, and an admin can have it made', async () => {
    const [before = ''] = Object.keys(templateFiles(installation));
    truncateSync(join(before, 'memory'), 1_048_576);
    expect((await ada.launch(keys[0] ?? '')).status).toBe(200);
    process.kill(await building(), 'SIGKILL');
    expect(await settledTemplates(admin, BUILD_MS)).toMatchObject([{ state: 'set-aside', failures: 2, failure: expect.stringMatching(/\w/) }]);
    expect(await settled()).toMatchObject([{ state: 'READY' }]);
    await endAll();
    expect((await launchOne()).launch).toMatchObject({ path: 'cold', reason: expect.stringMatching(/^[A-Z].*\.$/) });
    await endAll();
    await rebuild();
    await expectOneTemplate();
  });

  const [disk, memory, state] = TEMPLATE_FILES as [string, string, string];
  const damage: [string, string, (path: string) => void][] = [
    ['memory, cut short', memory, (path) => truncateSync(path, 1_048_576)],
    ['state, with other bytes in its middle', state, (path) => overwrite(path)],
    ['disk, emptied', disk, (path) => truncateSync(path, 0)],
  ];

  it.each(damage)('%s: told to staff, launches go on, and the template is made anew', async (_name, file, spoil) => {
    const [before = ''] = Object.keys(templateFiles(installation));
    spoil(join(before, file));
    expect((await ada.launch(keys[0] ?? '')).status).toBe(200);
    const told = await until(async () => (await theTemplate()).failure, 60_000, () => 'staff to be told');
    expect(told).toMatch(/\w{3,}/);
    expect(await settled()).toMatchObject([{ state: 'READY', launch: { path: 'cold' } }]);
    await expectAgreement();
    await endAll();
    await expectOneTemplate();
    expect(Object.keys(templateFiles(installation))).not.toContain(before);
    expect((await launchOne()).launch?.path).toBe('clone');
    await endAll();
  });
});

function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, randomBytes(64), 0, 64, Math.floor(statSync(path).size / 2));
  closeSync(file);
}
