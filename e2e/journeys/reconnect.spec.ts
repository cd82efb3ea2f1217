import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser } from 'playwright-core';
import { askForRestart, makeRestartingSite, waitsForRestart } from '../fixtures/restarting-site';
import { BadNetwork } from '../harness/bad-network';
import { CELL_POINTS, wordOf } from '../harness/cells';
import { Installation, until } from '../harness/installation';
import { Entry } from '../harness/page-diary';
import { launchBrowser } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Seat } from '../harness/seat';
import { settledTemplates } from '../harness/templates';

jest.setTimeout(300_000);

const LOST = 'The connection was lost. Your desktop keeps running.';
const PORTAL_SILENT = 'The portal does not answer';
const LONG_WAIT = /Attempt \d+ in ([5-9]|10) s/;
const INTERRUPTED = 'The display service was interrupted. Your desktop keeps running.';
/** Longest wait for a picture that can come back: two attempts lie 10 s apart at most. */
const BACK_MS = 30_000;
/** A guest's whole restart, emulated on a busy computer. */
const BOOT_MS = 120_000;
/** For a picture that was never disturbed: a busy computer lets a guest's cursor stand still for seconds. */
const OTHERS_MS = 10_000;
/** A silent browser is given up by the bridge after 20 s. */
const SLEEP_MS = 23_000;

/** Ada comes through a network that can fail, Bo does not; each has a desktop of their own. */
describe('a live desktop that is disturbed comes back by itself', () => {
  const site = makeRestartingSite();
  let installation: Installation;
  let network: BadNetwork;
  let browsers: Browser[];
  let ada: Seat;
  let bo: Seat;

  beforeAll(async () => {
    installation = await Installation.start({ env: site.env, readyWithinMs: 600_000 });
    await settledTemplates(await PortalClient.signIn(installation.url, 'farid'), 180_000);
    network = await BadNetwork.before(installation.port);
    browsers = await Promise.all([launchBrowser(network.browserArguments), launchBrowser()]);
    const [through, straight] = browsers as [Browser, Browser];
    [ada, bo] = await Promise.all([Seat.take(through, installation, 'ada'), Seat.take(straight, installation, 'bo')]);
  });

  afterAll(async () => {
    await Promise.all((browsers ?? []).map((browser) => browser.close()));
    network?.close();
    await installation?.remove();
    rmSync(site.folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    await network.mend();
    await ada.page.context().setOffline(false);
  });

  const shows = (seat: Seat, text: string, withinMs: number) =>
    seat.page.getByText(text).first().waitFor({ timeout: withinMs });
  const expectTold = (entries: Entry[], text: string) => {
    expect(entries.map(({ words }) => words)).toContainEqual(expect.stringContaining(text));
    expect(entries.at(-1)?.state).toBe('live');
  };

  it('was live before anything happened, and Ada came through the network that will fail', async () => {
    await Promise.all([ada.expectLive(BACK_MS), bo.expectLive(BACK_MS)]);
    expect(network.open).toBeGreaterThan(0);
  });

  it('after the network was cut for 10 s; nobody else noticed', async () => {
    const [heard, heardByBo] = await Promise.all([ada.listen(), bo.listen()]);
    network.cut();
    const cutAt = Date.now();
    await shows(ada, LOST, 5_000);
    await bo.expectLive(OTHERS_MS);
    await pause(cutAt + 10_000 - Date.now());
    await network.mend();
    await ada.expectLive(BACK_MS);
    expectTold(await heard(), LOST);
    // Whoever cannot reach anything knows nothing of the portal.
    expect((await heard()).filter(({ words }) => words.includes(PORTAL_SILENT))).toEqual([]);
    expect(await heardByBo()).toEqual([]);
  });

  it('as soon as the browser knows that its computer is online again, however long the page was to wait', async () => {
    const heard = await ada.listen();
    network.cut();
    await ada.page.context().setOffline(true);
    await ada.page.getByText(LONG_WAIT).waitFor({ timeout: 60_000 });
    await network.mend();
    await ada.page.context().setOffline(false);
    await ada.expectLive(BACK_MS);
    const told = await heard();
    expectTold(told, LOST);
    expect(told.filter(({ words }) => words.includes(PORTAL_SILENT))).toEqual([]);
    // The page was counting down, and did not get to the end.
    const left = told.flatMap(({ words }) => /Attempt \d+ in (\d+) s/.exec(words)?.[1] ?? []).map(Number);
    expect(left.at(-1)).toBeGreaterThan(1);
  });

  it('after nothing passed for 20 s; nobody else noticed', async () => {
    const heardByBo = await bo.listen();
    network.freeze();
    const frozenAt = Date.now();
    await shows(ada, 'Connection is slow', 6_000);
    await shows(ada, LOST, 18_000);
    await bo.expectLive(OTHERS_MS);
    await pause(frozenAt + 20_000 - Date.now());
    await network.mend();
    await ada.expectLive(BACK_MS);
    expect(await heardByBo()).toEqual([]);
  });

  it.each([
    ['guacd', INTERRUPTED],
    ['bridge', LOST],
  ] as const)('after %s was killed', async (service, words) => {
    const heard = await Promise.all([ada.listen(), bo.listen()]);
    installation.kill(service);
    for (const [index, seat] of [ada, bo].entries()) {
      const told = await until(
        async () => (await heard[index]?.())?.some(({ state }) => state !== 'live'),
        10_000,
        () => 'the page to notice',
      );
      expect(told).toBe(true);
      await seat.expectLive(BACK_MS);
      expectTold((await heard[index]?.()) ?? [], words);
    }
  });

  it('while its guest restarts, and says so', async () => {
    const [heard, heardByBo] = await Promise.all([ada.listen(), bo.listen()]);
    await until(
      () => waitsForRestart(installation.dataDir, ada.personId),
      10_000,
      () => 'the guest to wait',
    );
    askForRestart(installation.dataDir, ada.personId);
    await until(
      async () => wordOf(await ada.screen.coloursAt(CELL_POINTS)) === null,
      15_000,
      () => 'the guest to go down',
    );
    await ada.expectLive(BOOT_MS);
    await until(
      async () => (await ada.client.instances())[0]?.state === 'READY',
      30_000,
      () => 'READY',
    );
    expectTold(await heard(), 'The desktop does not answer; waiting for it');
    expect(await heardByBo()).toEqual([]);
  });

  it('while the api is killed and starts again, without a break', async () => {
    const heard = await Promise.all([ada.listen(), bo.listen()]);
    const before = installation.pid('api');
    installation.kill('api');
    await Promise.all([ada.screen.blinks(5_000), bo.screen.blinks(5_000)]);
    await until(
      async () => installation.pid('api') !== before && (await installation.ready()),
      60_000,
      () => 'the api to answer again',
    );
    await Promise.all([ada.expectLive(BACK_MS), bo.expectLive(BACK_MS)]);
    for (const hear of heard) expect((await hear()).filter(({ state }) => state !== 'live')).toEqual([]);
    // Where the api was away for longer than a moment the pages said so, until they heard from it again.
    for (const { page } of [ada, bo]) {
      await page.getByText(PORTAL_SILENT).waitFor({ state: 'hidden', timeout: BACK_MS });
    }
  });

  it('after its page slept for longer than the bridge waits', async () => {
    const [heard, heardByBo] = await Promise.all([ada.listen(), bo.listen()]);
    const asleep = await ada.sleep();
    await pause(SLEEP_MS);
    expect(await asleep.wake()).toBeGreaterThan(SLEEP_MS - 1_000);
    await until(
      async () => (await heard()).some(({ state }) => state !== 'live'),
      10_000,
      () => 'the page to notice',
    );
    await ada.expectLive(BACK_MS);
    expectTold(await heard(), LOST);
    expect(await heardByBo()).toEqual([]);
  });

  it('and still hears what happens to it', async () => {
    await ada.client.end(ada.desktop.id);
    await shows(ada, 'The desktop was stopped', 30_000);
    await ada.diary.read();
    await bo.expectLive(BACK_MS);
  });
});
