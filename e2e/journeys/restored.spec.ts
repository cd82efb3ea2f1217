import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { makeIcatSite, READER, SEEN } from '../fixtures/icat-site';
import { randomWord } from '../fixtures/words';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { Screen } from '../harness/screen';
import { type IcatSeed, TestIcat } from '../harness/test-icat';

/** The tiny guest, on a machine that is busy. */
const BOOT_MS = 300_000;

jest.setTimeout(900_000);

const TITLE = 'Welds, seen by their ICAT';
/** How long a membership that ICAT confirmed is good while it is down. */
const MAX_AGE_MS = 120_000;

const proposal = (name: string, team: string[], datasets: IcatSeed['proposals'][number]['datasets'] = []) => ({
  name,
  title: `${TITLE}: ${name}`,
  beamline: 'ID11',
  team: Object.fromEntries(team.map((account) => [account, 'Principal investigator'])),
  datasets,
});

/** Proposals of this catalogue are named like those of the demo, whose data folders are there. */
const seed = (given: { team?: string[]; files?: Record<string, string> } = {}): IcatSeed => ({
  passwords: { [READER.username]: READER.password },
  proposals: [
    proposal('20260301', given.team ?? ['db/ada'], [
      { name: 'plate', availability: 'online' },
      { name: 'tape', availability: 'archived', files: given.files ?? {} },
    ]),
    proposal('20260302', ['db/ada', 'db/bo']),
    proposal('20260303', ['db/ada']),
  ],
});

describe('a catalogue of its own: ICAT with an archive', () => {
  const word = randomWord();
  let icat: TestIcat;
  let site: ReturnType<typeof makeIcatSite>;
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let page: Page;
  let desktop: InstanceView;
  /** Shows the desktop from before the catalogue goes down until the membership is lost. */
  let live: Page;

  beforeAll(async () => {
    icat = await TestIcat.prepare();
    site = makeIcatSite(icat.url);
    installation = await Installation.start({
      env: (url) => ({
        ...site.env(url),
        MEMBERSHIP_MAX_AGE_MINUTES: String(MAX_AGE_MS / 60_000),
        MEMBERSHIP_CHECK_SECONDS: '5',
        MEMBERSHIP_GRACE_MINUTES: '1',
      }),
      readyWithinMs: 600_000,
    });
    const restored = join(installation.dataDir, 'proposals/20260301/restored', `${word}.txt`);
    await icat.up(seed({ files: { [restored]: `strain of ${word}\n` } }));
    browser = await launchBrowser();
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    page = ada.page;
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    await icat?.remove();
    if (site) rmSync(site.folder, { recursive: true });
  });

  const keyOf = async (name: string) => {
    const found = (await ada.proposals()).items.find((one) => one.name === name);
    if (!found) throw new Error(`ada does not see ${name}`);
    return found.key;
  };
  const launch = async (name: string) => {
    const answer = await ada.send('PUT', `/api/proposals/${await keyOf(name)}/services/desktop`, {});
    return { status: answer.status(), body: (await answer.json()) as InstanceView & { code?: string } };
  };
  const running = async (id: string) => (await ada.instances()).find((one) => one.id === id);
  /** What the guest copied of a file that it saw in its data. */
  const seenInGuest = (): string | null => {
    const root = join(installation.dataDir, 'scratch');
    const names = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
    const found = names.find((path) => path.endsWith(`/${word}.txt${SEEN}`));
    return found ? readFileSync(join(root, found), 'utf8') : null;
  };

  it('starts a desktop with the data that are online', async () => {
    await page.goto('/proposals');
    await page.getByText(`${TITLE}: 20260301`).waitFor();
    desktop = (await launch('20260301')).body;
    let state: string | undefined;
    await until(
      async () => (state = (await running(desktop.id))?.state) === 'READY',
      BOOT_MS,
      () => `READY, not ${state}`,
    );
    expect(seenInGuest()).toBeNull();
  });

  it('brings a dataset back when asked, tells the open page, and the running desktop reads it', async () => {
    await page.getByRole('link', { name: new RegExp(`${TITLE}: 20260301`) }).click();
    const tape = page.getByRole('row').filter({ hasText: 'tape' });
    await tape.getByText('In the archive only').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'plate' }).getByRole('button').count()).toBe(0);
    // Lost with any reload.
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await tape.getByRole('button', { name: 'Bring back tape from the archive' }).click();
    await tape.getByText('On its way from the archive').waitFor();
    // Nothing comes by itself: the archive takes its time.
    expect(seenInGuest()).toBeNull();
    await until(
      async () => (await icat.arrive()) === 1,
      30_000,
      () => 'the archive to hear of it',
    );
    await page.getByText('“tape” is back from the archive.').waitFor({ timeout: 90_000 });
    expect(await tape.getByText(/archive/).count()).toBe(0);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
    expect(await until(seenInGuest, 60_000, () => 'the guest to see the file')).toBe(`strain of ${word}\n`);
    expect(await running(desktop.id)).toMatchObject({ state: 'READY', createdAt: desktop.createdAt });
  });

  it('that is down is said so; desktops go on, and a fresh membership is enough to launch', async () => {
    await page.goto('/proposals');
    await page.getByText(`${TITLE}: 20260302`).waitFor();
    live = await ada.context.newPage();
    await live.goto(`/desktop/${desktop.id}`);
    await new Screen(live).live(120_000);
    await ada.proposals();
    await icat.kill();
    const down = Date.now();
    const second = await launch('20260302');
    expect(second.status).toBe(200);
    // What was asked for a moment ago is not asked for again.
    const said = page.getByText('A catalogue does not answer at the moment (icat).');
    await until(
      async () => {
        await page.goto('/proposals');
        await page.getByText(`${TITLE}: 20260303`).waitFor();
        return (await said.count()) > 0;
      },
      90_000,
      () => 'the page to say so',
    );
    // The setting's own length: beyond it nobody vouches for anybody.
    await new Promise((over) => setTimeout(over, Math.max(0, down + MAX_AGE_MS + 5_000 - Date.now())));
    expect(await launch('20260303')).toMatchObject({ status: 503, body: { code: 'CATALOGUE_UNAVAILABLE' } });
    expect(await running(desktop.id)).toMatchObject({ state: 'READY', notice: null });
    await new Screen(live).live(5_000);
    await until(
      async () => (await running(second.body.id))?.state === 'READY',
      BOOT_MS,
      () => 'the second desktop',
    );
    expect((await ada.send('DELETE', `/api/instances/${second.body.id}`)).status()).toBe(200);
  });

  it('that takes a membership back ends the session at once, and the desktop after the grace', async () => {
    await icat.up(seed({ team: ['db/bo'] }));
    await until(
      async () => (await running(desktop.id))?.notice,
      60_000,
      () => 'the loss to be noticed',
    );
    expect((await running(desktop.id))?.notice).toMatch(/^You are no longer on the team/);
    await live
      .locator('[data-testid="remote-display"][data-state="live"]')
      .waitFor({ state: 'detached', timeout: 60_000 });
    await live.getByText('You may no longer use this desktop').waitFor();
    expect((await ada.send('POST', `/api/instances/${desktop.id}/tickets`)).status()).toBe(404);
    await until(
      async () => !(await ada.proposals()).items.some(({ name }) => name === '20260301'),
      60_000,
      () => 'the proposal to be gone from the list',
    );
    await until(
      async () => (await running(desktop.id)) === undefined,
      180_000,
      () => 'the end of the desktop',
    );
    await until(
      () => !installation.machines().has(desktop.id),
      60_000,
      () => 'the end of its machine',
    );
  });
});
