import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Rgb, Screen } from '../harness/screen';
import { readyTemplates, settledTemplates } from '../harness/templates';
import { randomWord } from '../fixtures/words';

/** What the desktop image draws where no window lies; see images/README.md. */
const BACKGROUND: Rgb = [47, 93, 115];
const TERMINAL: Rgb = [255, 255, 255];
/** A point of the first line of text in the terminal, and one in the middle of its window; see images/README.md. */
const FIRST_LINE = [380, 153] as const;
const MIDDLE = [700, 400] as const;
/** A cold boot under plain emulation. */
const BOOT_MS = 300_000;
const TEMPLATES_MS = 480_000;

jest.setTimeout(600_000);

describe('the main job: from signing in to a stopped desktop', () => {
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let admin: PortalClient;
  let instance: InstanceView;
  let screen: Screen;
  /** Launched before there was anything to copy. */
  let early: InstanceView;
  /** Keeps a picture of the page where BEAMDESK_SHOTS names a folder. */
  const shot = async (name: string): Promise<void> => {
    const folder = process.env['BEAMDESK_SHOTS'];
    if (folder) await ada.page.screenshot({ path: join(folder, `${name}.png`) });
  };

  const scratchFile = (name: string): string | null => {
    const root = join(installation.dataDir, 'scratch');
    const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}`));
    return found ? join(root, found) : null;
  };

  const typeUntilFile = async (line: string, name: string): Promise<string> => {
    await screen.type(line);
    const path = await until(() => scratchFile(name), 60_000, () => `${name} in scratch`);
    return until(() => readFileSync(path, 'utf8').trim(), 30_000, () => `${name} to hold something`);
  };

  beforeAll(async () => {
    installation = await Installation.start({ readyWithinMs: 900_000 });
    const program = await PortalClient.signIn(installation.url, 'bo');
    const key = (await program.proposalKeys()).find((one) => one.endsWith('20260302')) ?? '';
    const launched = await program.launch(key);
    if (!launched.ok) throw new Error(launched.body.message);
    early = launched.body;
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  it('signs in with UmbrellaID and asks for the conditions before anything else', async () => {
    ada = await Visitor.arrive(browser, installation);
    await ada.comeIn('ada');
    expect((await ada.request.get('/api/proposals')).status()).toBe(403);
    expect((await ada.send('PUT', '/api/proposals/x/services/desktop', {})).status()).toBe(403);
    await ada.acceptConditions();
    expect(await ada.session()).toMatchObject({ authorised: true, conditions: { accepted: true } });
  });

  it('finds a proposal by a word of its title', async () => {
    await ada.page.goto('/proposals');
    await ada.page.getByText('20260302').first().waitFor();
    const box = ada.page.getByRole('searchbox');
    await box.fill('20260301');
    await ada.page.getByText('20260302').first().waitFor({ state: 'hidden' });
    await ada.page.getByText('20260301').first().waitFor();
    await shot('proposals');
  });

  it('boots a desktop while its template is being made, says why, and shows its live picture', async () => {
    const bo = await (await Visitor.arrive(browser, installation)).signIn('bo');
    const booted = await until(
      async () => (await bo.instances()).find(({ state }) => state === 'READY'),
      BOOT_MS,
      () => 'READY of the desktop that boots',
    );
    expect(booted).toMatchObject({ id: early.id, launch: { path: 'cold', reason: expect.stringMatching(/^[A-Z].*\.$/) } });
    await bo.page.goto(`/desktop/${early.id}`);
    screen = new Screen(bo.page);
    await screen.live(60_000);
    await screen.waitForShare(BACKGROUND, 0.2, 60_000);
    await screen.waitForShare(TERMINAL, 0.2, 60_000);
    const word = randomWord();
    await screen.click(...MIDDLE);
    expect(await typeUntilFile(`echo ${word} > /scratch/${word}.txt`, `${word}.txt`)).toBe(word);
    expect((await bo.send('DELETE', `/api/instances/${early.id}`)).status()).toBe(200);
    await until(async () => (await bo.instances()).length === 0, 60_000, () => 'the end of it');
    await bo.leave();
  });

  it('starts a copy by one click and shows its live picture', async () => {
    admin = await PortalClient.signIn(installation.url, 'farid');
    const [template] = await readyTemplates(admin, ['desktop-analysis'], TEMPLATES_MS);
    expect(template).toMatchObject({ failures: 0, failure: null });
    await ada.page.getByRole('button', { name: 'Desktop for 20260301' }).click();
    instance = await until(async () => (await ada.instances())[0], 10_000, () => 'the instance');
    expect(instance.proposalName).toBe('20260301');
    await until(
      async () => (await ada.instances())[0]?.state === 'READY',
      BOOT_MS,
      () => `READY`,
    );
    expect((await ada.instances())[0]?.launch?.path).toBe('clone');
    screen = new Screen(ada.page);
    await screen.live(60_000);
    expect(await screen.waitForShare(BACKGROUND, 0.2, 30_000)).toBeGreaterThanOrEqual(0.2);
    expect(await screen.size()).toEqual({ width: 1280, height: 800 });
    await screen.waitForShare(TERMINAL, 0.2, 60_000);
    await shot('desktop');
  });

  it("types into the guest's terminal, and the word appears in scratch on the host", async () => {
    const word = randomWord();
    await screen.click(...MIDDLE);
    expect(await typeUntilFile(`echo ${word} > /scratch/${word}.txt`, `${word}.txt`)).toBe(word);
    await shot('typed');
  });

  it('reads a dataset in the guest, and a write to it is refused', async () => {
    const dataDir = join(installation.dataDir, 'proposals', '20260301');
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
    expect(files).toBeGreaterThan(0);
    const count = randomWord();
    expect(await typeUntilFile(`find /data/20260301 -type f -size +0 | wc -l > /scratch/${count}.txt`, `${count}.txt`)).toBe(
      String(files),
    );
    const refused = randomWord();
    const answer = await typeUntilFile(
      `touch /data/20260301/${refused} || echo refused > /scratch/${refused}.txt`,
      `${refused}.txt`,
    );
    expect(answer).toBe('refused');
    expect(existsSync(join(dataDir, refused))).toBe(false);
  });

  it('carries text from the browser to the guest and back by the clipboard', async () => {
    const word = randomWord();
    await ada.page.evaluate((text) => navigator.clipboard.writeText(text), word);
    await screen.click(...MIDDLE);
    // Takes the first line that is not empty, whenever the pasted text arrives.
    await screen.type(`grep -m1 . > /scratch/${word}.txt`);
    const path = await until(() => scratchFile(`${word}.txt`), 30_000, () => 'grep to wait for its input');
    await ada.page.keyboard.press('Shift+Insert');
    const pasted = await until(
      async () => {
        await ada.page.keyboard.press('Enter');
        return readFileSync(path, 'utf8').trim();
      },
      30_000,
      () => 'the pasted text',
    );
    expect(pasted).toBe(word);

    const back = randomWord();
    await screen.type(`clear; echo ${back} | tee /scratch/${back}.txt`);
    await until(() => scratchFile(`${back}.txt`), 30_000, () => 'the word on the screen');
    await until(
      async () => {
        await screen.doubleClick(...FIRST_LINE);
        // Longer than a multi-click, or the next one would select the line instead of the word.
        await ada.page.waitForTimeout(2000);
        return (await ada.page.evaluate(() => navigator.clipboard.readText())) === back;
      },
      30_000,
      () => 'the text of the guest in the clipboard of the browser',
    );
  });

  it('comes back by itself after guacd and the bridge were killed', async () => {
    for (const service of ['guacd', 'bridge'] as const) {
      installation.kill(service);
      await ada.page.waitForSelector('[data-testid="remote-display"]:not([data-state="live"])', { timeout: 20_000 });
      await screen.live(60_000);
      await screen.waitForShare(BACKGROUND, 0.2, 30_000);
    }
  });

  it('leaves the desktop running when the page is left, and enters it again', async () => {
    await ada.page.goto('/resources');
    await ada.page.getByRole('link', { name: /^Enter the desktop of 20260301/ }).click();
    await screen.live(60_000);
    expect((await ada.instances())[0]?.state).toBe('READY');
  });

  it('stops it after a confirmation: machine, overlay and sockets are gone, quota is back, the button says Desktop', async () => {
    const machine = join(installation.dataDir, 'machines', instance.id);
    expect(existsSync(machine)).toBe(true);
    expect((await ada.quota()).usage.machines).toBe(1);
    await ada.page.goto('/proposals?search=20260301');
    await ada.page.getByRole('button', { name: 'Stop the desktop of 20260301' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Stop the desktop' }).click();
    await ada.page.getByRole('button', { name: 'Desktop for 20260301' }).waitFor({ timeout: 60_000 });
    await until(async () => (await ada.quota()).usage.machines === 0, 30_000, () => 'the quota to be free');
    expect(await ada.quota()).toMatchObject({ usage: { machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0 } });
    expect(existsSync(machine)).toBe(false);
    expect(installation.machinePids()).toEqual([]);
    await shot('stopped');
  });

  it('has made all its templates by then', async () => {
    const made = await settledTemplates(admin, TEMPLATES_MS);
    expect(made.map(({ state, failure }) => [state, failure])).toEqual(made.map(() => ['ready', null]));
    expect(new Set(made.map(({ imageId }) => imageId))).toEqual(new Set(['desktop-analysis', 'desktop-rdp']));
  });
});
