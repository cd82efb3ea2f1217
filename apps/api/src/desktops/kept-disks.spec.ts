import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceView, ProposalsPage, QuotaView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { TEST_SITE } from '../../test/app/test-site';
import { until } from '../events/testing/until';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { InstancesRepository } from '../instances/instances.repository';
import { createDesktopApp, type DesktopApp } from './testing/desktop-app';

/** The same plan, with the disk kept, and a second plan beside it. */
const KEEPING = TEST_SITE.replace('keepsDisk: false', 'keepsDisk: true').replace(
  'hosts:\n',
  `  - id: other
    name: Other
    description: For tests
    image: tiny
    flavour: small
    lifetimeMinutes: 60
    keepsDisk: false
    beamlines: [id11-diff]
hosts:
`,
);
const WHOLE = { machines: 1, vcpus: 1, memoryMib: 512, storageMib: 1024, gpus: 0 };
const DISK = { machines: 0, vcpus: 0, memoryMib: 0, storageMib: 1024, gpus: 0 };
const NOTHING = { machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 };

describe('a kept disk', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let key: string;
  let count = 0;

  beforeAll(async () => {
    house = await createDesktopApp({ worker: true, site: KEEPING });
    ({ browser: ada } = await house.signedIn('ada'));
  });
  afterAll(() => house.close());
  beforeEach(() => {
    key = house.proposal(`kept-${++count}`, ['ada']);
  });
  afterEach(async () => {
    for (const { id } of (await ada.get('/api/instances')).body as InstanceView[]) {
      await ada.send('DELETE', `/api/instances/${id}`);
      await state(id, 'DELETED');
    }
    expect(await usage()).toEqual(NOTHING);
    expect(await house.machines.list()).toEqual([]);
  });

  const click = async (body: object = {}) => ada.send('PUT', `/api/proposals/${key}/services/desktop`, body);
  const usage = async () => ((await ada.get('/api/quota')).body as QuotaView).usage;
  const row = async () =>
    ((await ada.get('/api/proposals')).body as ProposalsPage).items.find((item) => item.key === key);
  const state = (id: string, wanted: string) =>
    until(async () => {
      const view = (await ada.get(`/api/instances/${id}`)).body as InstanceView;
      return view.state === wanted && view;
    });

  async function launched(): Promise<InstanceView> {
    const { status, body } = await click();
    expect({ status, body }).toMatchObject({ status: 200 });
    return state((body as InstanceView).id, 'READY');
  }

  async function stopped(): Promise<InstanceView> {
    const { id } = await launched();
    await ada.send('POST', `/api/instances/${id}/stop`);
    return state(id, 'STOPPED');
  }

  const KEPT = { path: 'cold', reason: 'It boots from its kept disk.' };

  it('is all that a stopped desktop holds, is booted by the next click, and goes with the desktop', async () => {
    const first = await launched();
    expect(await usage()).toEqual(WHOLE);
    await ada.send('POST', `/api/instances/${first.id}/stop`);
    expect(await state(first.id, 'STOPPED')).toMatchObject({ allocation: DISK, expiresAt: null, launch: KEPT });
    expect(await usage()).toEqual(DISK);
    expect((await row())?.launch).toMatchObject(KEPT);
    const machine = (await house.machines.find(first.id))?.ref;
    expect(machine).toBeDefined();
    const again = await launched();
    expect(again).toMatchObject({ id: first.id, launch: KEPT, allocation: WHOLE });
    expect(again.expiresAt).not.toBeNull();
    expect((await house.machines.find(first.id))?.ref).toBe(machine);
    expect(await usage()).toEqual(WHOLE);
  });

  it('outlives the expiry of its desktop', async () => {
    const { id } = await launched();
    await house.api.dataSource.manager.update(InstanceEntity, { id }, { expiresAt: new Date(Date.now() - 1000) });
    expect(await state(id, 'STOPPED')).toMatchObject({ allocation: DISK, expiresAt: null });
    expect((await house.machines.find(id))?.phase).toBe('off');
  });

  it('is booted with the plan it was made with, whatever is on offer by now', async () => {
    const { dataSource } = house.api;
    const { id } = await stopped();
    expect((await click({ plan: 'other' })).body).toMatchObject({ code: 'OTHER_PLAN_RUNNING' });
    await dataSource.query(`UPDATE plan SET active = false WHERE id = 'tiny'`);
    await dataSource.query(`UPDATE flavour SET memory_mib = 4096, disk_mib = 8192`);
    try {
      expect((await row())?.launch).toMatchObject(KEPT);
      expect(await launched()).toMatchObject({ id, plan: { id: 'tiny', keepsDisk: true }, allocation: WHOLE });
    } finally {
      await dataSource.query(`UPDATE plan SET active = true`);
      await dataSource.query(`UPDATE flavour SET memory_mib = 512, disk_mib = 1024`);
    }
  });

  describe('whose image', () => {
    const file = () => join(house.images, 'tiny/image.json');
    const image = { id: 'tiny', name: 'Tiny', boot: { kind: 'disk' }, agent: true, protocol: 'vnc' };
    const write = (letter: string) => writeFile(file(), JSON.stringify({ ...image, sha256: letter.repeat(64) }));
    afterEach(async () => {
      await mkdir(join(house.images, 'tiny'), { recursive: true });
      await write('a');
    });

    it.each([
      ['was renewed is not booted on the new one', 'IMAGE_CHANGED', () => write('b')],
      ['is gone is not lost with it', 'IMAGE_MISSING', () => rm(file())],
    ])('%s, stays, and boots when the old one is back', async (_what, code, spoil) => {
      const { id } = await stopped();
      await spoil();
      await click();
      expect(await state(id, 'FAILED')).toMatchObject({ failure: { code }, allocation: DISK, launch: KEPT });
      expect((await house.machines.find(id))?.phase).toBe('off');
      expect(await usage()).toEqual(DISK);
      await write('a');
      expect(await launched()).toMatchObject({ id, failure: null, allocation: WHOLE });
    });
  });

  it('stays as it is when quota or host refuse the click', async () => {
    const { dataSource } = house.api;
    const { id } = await stopped();
    await dataSource.query(`UPDATE quota_limit SET machines = 0 WHERE subject_id = 'USER'`);
    expect((await click()).body).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await dataSource.query(`UPDATE quota_limit SET machines = 2 WHERE subject_id = 'USER'`);
    await dataSource.query('UPDATE host SET memory_limit_mib = 500');
    expect((await click()).body).toMatchObject({ code: 'HOST_TOO_SMALL' });
    expect(await usage()).toEqual(DISK);
    await dataSource.query('UPDATE host SET memory_overcommit = 1.1');
    expect(await launched()).toMatchObject({ id, allocation: WHOLE });
    await dataSource.query('UPDATE host SET memory_limit_mib = 0, memory_overcommit = 1');
  });

  it('is planned anew when another tab deleted it between plan and lock', async () => {
    const { id } = await stopped();
    const instances = house.api.app.get(InstancesRepository);
    const lockLive = instances.lockLive.bind(instances);
    jest.spyOn(instances, 'lockLive').mockImplementationOnce(async (...args) => {
      await ada.send('DELETE', `/api/instances/${id}`);
      await state(id, 'DELETED');
      return lockLive(...args);
    });
    const { body } = await click();
    expect(body).toMatchObject({ plan: { id: 'tiny' } });
    expect((body as InstanceView).id).not.toBe(id);
    await state((body as InstanceView).id, 'READY');
  });
});
