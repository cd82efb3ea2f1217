import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Screen } from '../harness/screen';

/** A cold boot under plain emulation. */
const BOOT_MS = 300_000;
/** 50 MB through an emulated guest on a busy machine. */
const SENT_MS = 180_000;
const FIFTY = 50_000_000;

jest.setTimeout(900_000);

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('the files of a desktop on its page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'files-panel-'));
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let page: Page;

  beforeAll(async () => {
    // One boot is needed, not the copies of it.
    installation = await Installation.start({ env: { TEMPLATES: 'off' }, readyWithinMs: 900_000 });
    const client = await PortalClient.signIn(installation.url, 'ada');
    const key = (await client.proposalKeys()).find((one) => one.endsWith('20260301')) ?? '';
    const launched = await client.launch(key);
    if (!launched.ok) throw new Error(launched.body.message);
    const instance: InstanceView = await until(
      async () => (await client.instances()).find(({ state }) => state === 'READY'),
      BOOT_MS,
      () => 'READY',
    );
    browser = await launchBrowser();
    ada = await Visitor.arrive(browser, installation);
    await ada.context.addCookies(client.cookies);
    page = ada.page;
    await page.goto(`/desktop/${instance.id}`);
    await new Screen(page).live(60_000);
    await page.getByRole('button', { name: 'Files', exact: true }).click();
    await page.getByRole('list', { name: 'In Scratch', exact: true }).waitFor({ state: 'attached', timeout: 60_000 });
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    rmSync(folder, { recursive: true });
  });

  /** A file on the person's own computer. */
  const own = (name: string, content: Buffer | string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  const inScratch = () => {
    const root = join(installation.dataDir, 'scratch');
    return existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  };

  const onHost = (name: string): string => {
    const found = inScratch().find((path) => path.endsWith(`/${name}`));
    if (found === undefined) throw new Error(`there is no ${name} in scratch: ${inScratch().join(', ')}`);
    return join(installation.dataDir, 'scratch', found);
  };

  const choose = (...paths: string[]) => page.getByLabel('Files to send').setInputFiles(paths);
  const transfer = (name: string) => page.locator('bd-transfer-row').filter({ hasText: name });
  const sent = (name: string) =>
    transfer(name)
      .getByText(/, sent$/)
      .waitFor({ timeout: SENT_MS });
  const listed = (name: string) => page.locator('bd-folder-list').getByText(name, { exact: true }).first();

  /** Files and folders of the person's computer above the middle of the picture, as a file manager drags them. */
  async function drag(paths: string[], ...types: ('dragEnter' | 'dragOver' | 'drop')[]): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of types) await session.send('Input.dispatchDragEvent', { type, x: 500, y: 450, data });
    await session.detach();
  }

  async function download(name: string): Promise<string> {
    const begun = page.waitForEvent('download');
    await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    const file = await begun;
    expect(file.suggestedFilename()).toBe(name);
    return file.path();
  }

  it('sends 50 MB that were chosen and downloads them again, bit by bit', async () => {
    const path = own('fifty.bin', randomBytes(FIFTY));
    await choose(path);
    await transfer('fifty.bin').getByRole('progressbar').waitFor();
    await sent('fifty.bin');
    expect(sha256(onHost('fifty.bin'))).toBe(sha256(path));
    await listed('fifty.bin').waitFor();
    expect(sha256(await download('fifty.bin'))).toBe(sha256(path));
  });

  it('sends 50 MB that were dropped on the picture, after saying where they go', async () => {
    const path = own('dropped fifty.bin', randomBytes(FIFTY));
    await page.getByRole('button', { name: 'Close the files' }).click();
    await drag([path], 'dragEnter', 'dragOver');
    await page.getByTestId('drop-overlay').getByText('Drop to send to Scratch').waitFor();
    await drag([path], 'drop');
    await sent('dropped fifty.bin');
    expect(await page.getByTestId('drop-overlay').count()).toBe(0);
    expect(sha256(onHost('dropped fifty.bin'))).toBe(sha256(path));
  });

  it.each(['Prüfung 🧪 é.txt', "it's %2f #1+&.txt", 'nichts'])('sends and downloads %j', async (name) => {
    const path = own(name, name === 'nichts' ? '' : `This is ${name}\n`);
    await choose(path);
    await sent(name);
    expect(readFileSync(onHost(name), 'utf8')).toBe(readFileSync(path, 'utf8'));
    await listed(name).waitFor();
    const begun = page.waitForEvent('download');
    await listed(name).click();
    const file = await begun;
    expect(file.suggestedFilename()).toBe(name);
    expect(sha256(await file.path())).toBe(sha256(path));
  });

  it('sends a folder that was dropped, with all that is in it', async () => {
    const run = join(folder, 'Lauf 1');
    mkdirSync(join(run, 'leer'), { recursive: true });
    mkdirSync(join(run, 'tief'));
    own('Lauf 1/tief/ü.txt', 'deep');
    await drag([run], 'dragEnter', 'dragOver', 'drop');
    await sent('ü.txt');
    await until(
      () => inScratch().some((path) => path.endsWith('/Lauf 1/leer')),
      30_000,
      () => `the empty folder: ${inScratch().join(', ')}`,
    );
    expect(readFileSync(onHost('Lauf 1/tief/ü.txt'), 'utf8')).toBe('deep');
    await listed('Lauf 1').click();
    await page.getByRole('list', { name: 'In Scratch › Lauf 1', exact: true }).waitFor();
    await page.keyboard.press('Backspace');
    await listed('fifty.bin').waitFor();
  });

  it('asks before it replaces, and keeps both on demand', async () => {
    const path = own('report.txt', 'first');
    await choose(path);
    await sent('report.txt');
    own('report.txt', 'second');
    await choose(path);
    await page.getByRole('heading', { name: 'report.txt is there already' }).waitFor();
    await page.getByRole('button', { name: 'Keep both' }).click();
    await sent('report (2).txt');
    expect(['report.txt', 'report (2).txt'].map((name) => readFileSync(onHost(name), 'utf8'))).toEqual([
      'first',
      'second',
    ]);
    own('report.txt', 'third');
    await choose(path);
    await page.getByRole('button', { name: 'Replace' }).click();
    await until(
      () => readFileSync(onHost('report.txt'), 'utf8') === 'third',
      60_000,
      () => 'the file to be replaced',
    );
  });

  it('leaves nothing of what is cancelled half way', async () => {
    const path = own('cancelled.bin', '');
    truncateSync(path, 300 * 1024 ** 2);
    await page.getByRole('button', { name: 'Clear what is over' }).click();
    await choose(path);
    await transfer('cancelled.bin')
      .getByText(/ of 315 MB · /)
      .waitFor({ timeout: 60_000 });
    const part = () => inScratch().some((name) => name.endsWith('.part'));
    await until(part, 30_000, () => 'the upload to begin');
    await transfer('cancelled.bin').getByRole('button', { name: 'Cancel cancelled.bin' }).click();
    await transfer('cancelled.bin').getByText('Cancelled; nothing of it was kept').waitFor();
    await until(
      () => !part(),
      60_000,
      () => `nothing to be left: ${inScratch().join(', ')}`,
    );
    expect(inScratch().map((name) => basename(name))).not.toContain('cancelled.bin');
  });

  it('says before sending that a file is too large', async () => {
    const path = own('huge.bin', '');
    truncateSync(path, 60 * 1024 ** 3);
    await choose(path);
    await transfer('huge.bin')
      .getByText(/^It has 64 GB; at most .* can be sent/)
      .waitFor();
  });

  it('shows the data, which can be read only', async () => {
    await page.getByRole('button', { name: 'Data read only' }).click();
    await page.locator('bd-folder-list .row').first().waitFor();
    expect(await page.getByRole('button', { name: 'Send files …' }).isDisabled()).toBe(true);
    await drag([own('to data.txt', 'x')], 'dragEnter', 'dragOver');
    await page.getByTestId('drop-overlay').getByText('Data is read only').waitFor();
    await page.getByTestId('drop-overlay').waitFor({ state: 'detached' });
  });
});
