import { setTimeout as delay } from 'node:timers/promises';
import { CloneHouse } from '../harness/clone-house';
import { until } from '../harness/installation';
import { mulberry32 } from '../harness/random';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(900_000);

/** How long a copy takes to come up, roughly: moments to kill lie within. */
const CLONE_MS = 1_500;

describe('templates and copies under kill -9', () => {
  let house: CloneHouse;
  const seed = Number(process.env['BEAMDESK_STORM_SEED'] ?? 20261122);
  const random = mulberry32(seed);

  beforeAll(async () => {
    house = await CloneHouse.open(TINY_SITE);
  });

  afterAll(() => house?.installation.remove());

  it('the api, while a template is made: it is made anew, whole, and nobody is blamed', async () => {
    // The very first one, whatever its maker is at.
    await house.killApi();
    await house.expectOneTemplate();
    for (const moment of [random() * 3_000, 3_000 + random() * 5_000]) {
      await house.rebuild();
      await delay(moment);
      await house.killApi();
      await house.expectOneTemplate();
    }
  });

  it('the machine that is to be saved, while there is a good template: that one stays', async () => {
    const before = await house.expectOneTemplate();
    process.kill(await house.rebuild(), 'SIGKILL');
    expect(await house.expectOneTemplate()).toBe(before);
    expect(await house.launchOne()).toMatchObject({ state: 'READY', launch: { path: 'clone' } });
    await house.endAll();
  });

  it('the api, while copies come up and become somebody’s: all are there afterwards', async () => {
    for (let round = 0; round < 6; round++) {
      const clicks = house.keys.map((key) => house.ada.launch(key).catch(() => null));
      await delay(random() * CLONE_MS);
      await house.killApi();
      await Promise.all(clicks);
      const states = (await house.settled()).map(({ state }) => state);
      expect({ seed, round, states }).toEqual({ seed, round, states: states.map(() => 'READY') });
      await house.expectAgreement();
      house.expectNoStray();
      await house.endAll();
    }
    await house.expectOneTemplate();
  });

  it('the QEMU of a copy, at any moment: its place is free, and the next launch is a copy again', async () => {
    const { installation, ada } = house;
    for (let round = 0; round < 6; round++) {
      expect((await ada.launch(house.keys[0] ?? '')).status).toBe(200);
      const pid = await until(
        () => installation.machinePids()[0],
        30_000,
        () => 'its QEMU',
      );
      await delay(random() * CLONE_MS);
      process.kill(pid, 'SIGKILL');
      await until(
        async () => !installation.machinePids().includes(pid) && (await ada.instances())[0]?.state !== 'READY',
        30_000,
        () => `word of the end of ${pid} (seed ${seed})`,
      );
      await house.settled();
      await house.expectAgreement();
      house.expectNoStray();
      await house.endAll();
      expect(await house.launchOne()).toMatchObject({ state: 'READY', launch: { path: 'clone' } });
      await house.endAll();
    }
    await house.expectOneTemplate();
  });
});
