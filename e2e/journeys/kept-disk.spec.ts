import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceView, QuotaView } from '@beamdesk/contracts';
import { TINY_SITE } from '../fixtures/tiny-site';
import { CloneHouse } from '../harness/clone-house';
import { until } from '../harness/installation';

jest.setTimeout(600_000);

/** Tells what the disk began with, and leaves a word on it. */
const SCRIPT = [
  'busybox head -c 8 /dev/vda > /scratch/disk-began-with',
  'printf %s "$BEAMDESK_VALUE_WORD" | busybox dd of=/dev/vda conv=notrunc 2> /dev/null',
  'sync',
];

/** A plan that keeps the disk, on real parts: a copy at first, a boot of its own disk afterwards. */
describe('a kept disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-disk-'));
  let house: CloneHouse;

  beforeAll(async () => {
    const script = SCRIPT.map((line) => `        ${line}`).join('\n');
    const plan = `keepsDisk: true\n    bootScript:\n      values: { word: remember }\n      text: |\n${script}`;
    // The api reads it as another user.
    chmodSync(folder, 0o755);
    const site = join(folder, 'site.yaml');
    writeFileSync(site, readFileSync(TINY_SITE.SITE_FILE, 'utf8').replace('keepsDisk: false', plan));
    house = await CloneHouse.open({ SITE_FILE: site });
  });

  afterAll(async () => {
    await house?.installation.remove();
    rmSync(folder, { recursive: true });
  });

  const one = async (): Promise<InstanceView | undefined> => (await house.ada.instances())[0];
  const quota = () => house.ada.get<QuotaView>('/api/quota');
  const beganWith = (): Buffer => {
    const scratch = join(house.installation.dataDir, 'scratch');
    const [file = ''] = readdirSync(scratch, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('/disk-began-with'));
    return readFileSync(join(scratch, file));
  };
  const inState = (state: InstanceView['state']) =>
    until(
      async () => ((await one())?.state === state ? one() : null),
      120_000,
      () => `the desktop to be ${state}`,
    );

  it('is made from a template like any other', async () => {
    await house.expectOneTemplate();
    expect(await house.launchOne()).toMatchObject({ state: 'READY', launch: { path: 'clone', reason: null } });
    expect([...beganWith()]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('stays when its desktop is stopped, and is all that it still holds', async () => {
    const id = (await one())?.id ?? '';
    expect((await house.ada.send('POST', `/api/instances/${id}/stop`)).ok).toBe(true);
    const stopped = await inState('STOPPED');
    expect(stopped).toMatchObject({ id, allocation: { machines: 0, vcpus: 0, memoryMib: 0 }, expiresAt: null });
    expect(stopped?.allocation.storageMib).toBeGreaterThan(0);
    expect((await quota()).usage).toEqual(stopped?.allocation);
    expect(house.installation.machinePids()).toEqual([]);
    await until(
      async () => (await house.template()).machines === 1,
      20_000,
      () => 'the template to be held',
    );
  });

  it('is booted by the next click, by the same desktop, with what was on it', async () => {
    const before = await one();
    const ready = await house.launchOne();
    expect(ready).toMatchObject({ id: before?.id, state: 'READY', launch: { path: 'cold', reason: expect.stringMatching(/kept disk/) } });
    expect(beganWith().toString()).toBe('remember');
  });

  it('survives a killed api while its desktop stops', async () => {
    const id = (await one())?.id ?? '';
    await house.ada.send('POST', `/api/instances/${id}/stop`);
    await house.killApi();
    expect(await inState('STOPPED')).toMatchObject({ id });
    expect((await quota()).usage).toMatchObject({ machines: 0, vcpus: 0, memoryMib: 0 });
    house.expectNoStray();
  });

  it('is gone when it is deleted, and gives everything back', async () => {
    await house.endAll();
    expect((await quota()).usage).toEqual({ machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 });
    // The host speaks of its templates every two seconds.
    await until(
      async () => (await house.template()).machines === 0,
      20_000,
      () => 'the template to be free',
    );
  });
});
