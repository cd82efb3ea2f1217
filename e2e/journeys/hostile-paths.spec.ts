import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { HomeView, InstanceView, ProposalView } from '@beamdesk/contracts';
import { makeDataSite, PROPOSALS } from '../fixtures/data-site';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';

jest.setTimeout(300_000);

const MISSING = /can't be found on the data store/;
const NAME = /No data folder can belong to this proposal's name/;

describe('data, and homes', () => {
  let site: ReturnType<typeof makeDataSite>;
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let bo: Visitor;

  const data = (...parts: string[]) => join(installation.dataDir, 'proposals', ...parts);
  const keyOf = async (visitor: Visitor, name: string): Promise<string> => {
    const { items } = await visitor.proposals('?limit=100');
    return items.find((one: ProposalView) => one.name === name)?.key ?? '';
  };

  beforeAll(async () => {
    site = makeDataSite();
    installation = await Installation.start({ env: site.env, readyWithinMs: 600_000 });
    for (const name of ['good-1', 'good-2', 'secret', 'unreadable', 'swapped', 'closed/closed_above']) {
      mkdirSync(data(name), { recursive: true });
      writeFileSync(data(name, 'scan'), `of ${name}`);
    }
    symlinkSync('/etc', data('linked-out'));
    symlinkSync(join(installation.dataDir, 'homes'), data('linked-beside'));
    writeFileSync(data('only-a-file'), '');
    for (const name of ['unreadable', 'closed']) chmodSync(data(name), 0o700);
    browser = await launchBrowser();
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    bo = await (await Visitor.arrive(browser, installation)).signIn('bo');
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    if (site) rmSync(site.folder, { recursive: true, force: true });
  });

  async function click(name: string): Promise<void> {
    await ada.page.goto('/proposals?sort=name');
    await ada.page.getByRole('button', { name: `Desktop for ${name}`, exact: true }).click();
  }

  /** The page says why, nothing runs or is left of it, and nothing of the quota is held. */
  async function expectRefused(reason: RegExp, code: string): Promise<void> {
    await ada.page.getByText(reason).first().waitFor({ timeout: 180_000 });
    const [failed] = await ada.instances();
    if (failed) {
      expect(failed).toMatchObject({ state: 'FAILED', failure: { code, message: expect.stringMatching(reason) } });
      expect((await ada.send('DELETE', `/api/instances/${failed.id}`)).ok()).toBe(true);
      await until(async () => (await ada.instances()).length === 0, 30_000, () => 'the failed desktop to go');
    }
    // What the next page says is its own.
    await ada.page.goto('about:blank');
    expect((await ada.quota()).usage).toEqual({ machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 });
    expect(installation.machinePids()).toEqual([]);
    expect(installation.machineFolders()).toEqual([]);
  }

  it.each([
    ['has .. in its name', PROPOSALS.up, NAME, 'DATA_NAME'],
    ['has a hidden name', PROPOSALS.hidden, NAME, 'DATA_NAME'],
    ['is a link out of the root', PROPOSALS.linkedOut, /may not be shared/, 'DATA_OUTSIDE'],
    ['is a link to the homes', PROPOSALS.linkedBeside, /may not be shared/, 'DATA_OUTSIDE'],
    ['is missing', PROPOSALS.missing, MISSING, 'DATA_MISSING'],
    ['is a file', PROPOSALS.file, MISSING, 'DATA_MISSING'],
    ['no rule is for', PROPOSALS.nowhere, /not told where the data of proposals like this one are/, 'DATA_NO_RULE'],
    ['may not be read', PROPOSALS.unreadable, /cannot be read with your rights/, 'SHARE_UNREADABLE'],
    ['lies in a folder that is closed', PROPOSALS.closedAbove, /cannot be read with your rights/, 'SHARE_UNREADABLE'],
  ])('a proposal whose path %s is refused, with the reason', async (_, name, reason, code) => {
    await click(name);
    await expectRefused(reason, code);
    const answer = await ada.send('PUT', `/api/proposals/${await keyOf(ada, name)}/services/desktop`, {});
    if (!answer.ok()) return expect(await answer.json()).toMatchObject({ code, message: expect.stringMatching(reason) });
    await ada.page.goto(`/desktop/${((await answer.json()) as InstanceView).id}`);
    await expectRefused(reason, code);
  });

  // What starts machines can be held up between the click and the start where it is a process of its own.
  const swaps = process.getuid?.() === 0 ? (['secret', '/etc'] as const) : [];
  it.each([...swaps])('a folder that is swapped for a link to %s after the click is refused', async (to) => {
    process.kill(installation.pid('launcher'), 'SIGSTOP');
    try {
      const answer = await ada.send('PUT', `/api/proposals/${await keyOf(ada, PROPOSALS.swapped)}/services/desktop`, {});
      expect(answer.status()).toBe(200);
      renameSync(data('swapped'), data('swapped.away'));
      symlinkSync(to, data('swapped'));
    } finally {
      process.kill(installation.pid('launcher'), 'SIGCONT');
    }
    const [{ id }] = (await ada.instances()) as [InstanceView];
    await ada.page.goto(`/desktop/${id}`);
    await expectRefused(/lies where no desktop may read/, 'SHARE_OUTSIDE_ROOT');
    rmSync(data('swapped'));
    renameSync(data('swapped.away'), data('swapped'));
  });

  const scratch = (personId: string) => join(installation.dataDir, 'scratch', personId);
  async function idOf(visitor: Visitor): Promise<string> {
    return (await visitor.session()).user?.id ?? '';
  }

  /** Launches a desktop; gives what it found in ~/Home before it left its own note. */
  async function foundAtHome(visitor: Visitor, name: string): Promise<string[]> {
    const answer = await visitor.send('PUT', `/api/proposals/${await keyOf(visitor, name)}/services/desktop`, {});
    expect(answer.ok()).toBe(true);
    const { id } = (await answer.json()) as InstanceView;
    await until(
      async () => (await visitor.instances()).find((one) => one.id === id && ['READY', 'FAILED'].includes(one.state)),
      180_000,
      () => `${name} to be ready`,
    );
    expect((await visitor.instances()).find((one) => one.id === id)).toMatchObject({ state: 'READY', failure: null });
    const folder = scratch(await idOf(visitor));
    const found = readdirSync(folder).find((one) => one.endsWith(name)) ?? '';
    return readFileSync(join(folder, found, 'found-in-home'), 'utf8').split('\n').filter(Boolean);
  }

  async function stopAll(visitor: Visitor): Promise<void> {
    for (const { id } of await visitor.instances()) await visitor.send('DELETE', `/api/instances/${id}`);
    await until(async () => (await visitor.instances()).length === 0, 60_000, () => 'the desktops to end');
  }

  it('a file in ~/Home is in a later desktop of another proposal', async () => {
    expect(await foundAtHome(ada, PROPOSALS.good)).toEqual([]);
    await stopAll(ada);
    expect(await foundAtHome(ada, PROPOSALS.other)).toEqual(['note-of-good-1']);
    expect(readFileSync(join(installation.dataDir, 'homes', await idOf(ada), 'note-of-good-1'), 'utf8')).toBe('written in good-1\n');
  });

  it('and in one beside it, and not in somebody else’s', async () => {
    expect(await foundAtHome(ada, PROPOSALS.good)).toEqual(['note-of-good-1', 'note-of-good-2']);
    expect(await foundAtHome(bo, PROPOSALS.good)).toEqual([]);
    expect(readdirSync(join(installation.dataDir, 'homes')).sort()).toEqual([await idOf(ada), await idOf(bo)].sort());
  });

  it('a launch that fails takes nothing from it', async () => {
    chmodSync(data('good-2'), 0o700);
    await stopAll(ada);
    await ada.send('PUT', `/api/proposals/${await keyOf(ada, PROPOSALS.other)}/services/desktop`, {});
    await until(async () => (await ada.instances())[0]?.state === 'FAILED', 60_000, () => 'the launch to fail');
    await stopAll(ada);
    chmodSync(data('good-2'), 0o755);
    expect(await foundAtHome(ada, PROPOSALS.other)).toEqual(['note-of-good-1', 'note-of-good-2']);
  });

  it('the page Resources says how much of it is used, and that it is full', async () => {
    const used = async () => (await ada.get<HomeView>('/api/home')).home;
    await until(async () => (await used())?.usedMib, 30_000, () => 'the home to be measured');
    expect(await used()).toMatchObject({ limitMib: 64, full: false });
    await ada.page.goto('/resources');
    await ada.page.getByRole('meter', { name: 'Home folder' }).waitFor();
    writeFileSync(join(installation.dataDir, 'homes', await idOf(ada), 'big'), Buffer.alloc(65 * 1024 * 1024));
    await ada.page.getByText(/Your home folder is full/).first().waitFor({ timeout: 60_000 });
    expect(existsSync(join(installation.dataDir, 'homes', await idOf(ada), 'note-of-good-1'))).toBe(true);
    // Without a reload: the page asks again once something was pushed.
    await ada.page.getByText(/6\d MiB of 64 MiB/).first().waitFor({ timeout: 60_000 });
    await ada.page.getByText(/It is full: delete files in it/).waitFor();
    expect(await used()).toMatchObject({ full: true });
  });
});
