import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { ImageView, InstanceView } from '@beamdesk/contracts';
import { BOOT_SECTOR_COLOUR, bootSectorVmdk } from '../fixtures/boot-sector';
import { TINY_SITE } from '../fixtures/tiny-site';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { Screen } from '../harness/screen';

jest.setTimeout(120_000);

const IMAGE = 'Field station';
const PLAN = 'Field desktop';
/** Of Ada, measured at ID11; of Chen, measured at LAS-2. */
const [HERE, ELSEWHERE] = ['20260301', '20260311'];

describe('an image from upload to retirement', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-images-'));
  let installation: Installation;
  let browser: Browser;
  let farid: Visitor;
  let ada: Visitor;
  let chen: Visitor;

  const image = () => farid.get<ImageView>('/api/images/field-station');
  const version = async () => (await image()).versions[0];
  const proposal = async (person: Visitor, wanted: string) => {
    const { items } = await person.proposals('?limit=50');
    const found = items.find(({ name }) => name === wanted);
    if (!found) throw new Error(`no proposal ${wanted}`);
    return found;
  };
  const offered = async (person: Visitor, wanted: string): Promise<string[]> =>
    (await proposal(person, wanted)).offers.map(({ plan }) => plan.name).sort();
  const ready = (person: Visitor, plan: RegExp): Promise<InstanceView> =>
    until(
      async () => (await person.instances()).find((one) => plan.test(one.plan.name) && one.state === 'READY'),
      60_000,
      () => `READY of ${plan.source}`,
    );
  const confirm = (name: string) => farid.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 900_000 });
    browser = await launchBrowser();
    farid = await (await Visitor.arrive(browser, installation)).signIn('farid');
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    chen = await (await Visitor.arrive(browser, installation)).signIn('chen');
  }, 1_200_000);

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes in an uploaded VMDK while its administrator looks on', async () => {
    const { page } = farid;
    await page.goto('/images');
    await page.getByRole('link', { name: 'Register an image' }).click();
    await page.getByLabel('Name', { exact: true }).fill(IMAGE);
    await page.locator('input[type=file]').setInputFiles(bootSectorVmdk(folder));
    await page.getByText('all of it is on the server').waitFor();
    await page.getByLabel('Launches').selectOption('no');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.waitForURL(/\/images\/field-station$/);
    await page.locator('bd-version-card .badge', { hasText: /^draft$/ }).waitFor({ timeout: 60_000 });
    expect(await version()).toMatchObject({ state: 'draft', format: 'vmdk', virtualMib: 4, agent: false, boot: 'disk' });
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('upload')))).toEqual([]);
  });

  it('is tried by its administrator, and offered to nobody', async () => {
    const { page } = farid;
    await page.getByRole('button', { name: 'Try it: version 1' }).click();
    await page.waitForURL(/\/desktop\//);
    const screen = new Screen(page);
    await screen.live(60_000);
    await screen.waitForShare(BOOT_SECTOR_COLOUR, 0.9, 30_000);
    const trial = await ready(farid, /^Trial/);
    expect(trial.notice).toMatch(/is a guess/);
    expect((await ada.request.get(`/api/instances/${trial.id}`)).status()).toBe(404);
    expect((await farid.send('DELETE', `/api/instances/${trial.id}`)).status()).toBe(200);
    await until(async () => (await farid.instances()).length === 0, 30_000, () => 'the end of the trial');
  });

  it('is offered at one beamline from the moment it is active', async () => {
    const { page } = farid;
    await page.goto('/images/plans');
    await page.getByRole('button', { name: 'Make a plan' }).click();
    await page.getByLabel('Name', { exact: true }).fill(PLAN);
    await page.getByLabel('Description, one line').fill('What the field stations run');
    await page.locator('select[name=image]').selectOption({ label: IMAGE });
    await page.getByLabel('ID11').check();
    await confirm('Make it');
    await page.getByRole('row', { name: new RegExp(PLAN) }).getByText('Not to be had now').waitFor();
    expect(await offered(ada, HERE)).toEqual(['Tiny desktop']);
    await page.getByRole('link', { name: IMAGE }).click();
    await page.getByRole('button', { name: 'Activate version 1' }).click();
    await confirm('Activate');
    await page.locator('bd-version-card .badge', { hasText: /^active$/ }).waitFor();
    expect(await offered(ada, HERE)).toEqual([PLAN, 'Tiny desktop']);
    expect(await offered(chen, ELSEWHERE)).toEqual(['Tiny desktop']);
  });

  it('is launched by a user there; elsewhere they do not see it', async () => {
    const { page } = ada;
    await page.goto(`/proposals?search=${HERE}`);
    await page.getByRole('button', { name: `Choose the desktop of ${HERE}` }).click();
    await page.getByRole('menuitem', { name: new RegExp(PLAN) }).click();
    await ready(ada, new RegExp(PLAN));
    const screen = new Screen(page);
    await screen.live(60_000);
    await screen.waitForShare(BOOT_SECTOR_COLOUR, 0.9, 30_000);
    await chen.page.goto(`/proposals?search=${ELSEWHERE}`);
    await chen.page.getByRole('button', { name: `Desktop for ${ELSEWHERE}` }).waitFor();
    expect(await chen.page.getByRole('button', { name: /^Choose the desktop/ }).count()).toBe(0);
    const { key } = await proposal(chen, ELSEWHERE);
    const refused = await chen.send('PUT', `/api/proposals/${key}/services/desktop`, { plan: 'field-desktop' });
    expect(refused.status()).toBe(409);
  });

  it('is retired: not offered any more, while the desktop that runs goes on', async () => {
    const { page } = farid;
    await page.getByRole('button', { name: 'Retire version 1' }).click();
    await confirm('Retire');
    await page.locator('bd-version-card .badge', { hasText: /^retired$/ }).waitFor();
    expect(await offered(ada, HERE)).toEqual(['Tiny desktop']);
    const { id } = await ready(ada, new RegExp(PLAN));
    await ada.page.goto(`/desktop/${id}`);
    await new Screen(ada.page).waitForShare(BOOT_SECTOR_COLOUR, 0.9, 60_000);
    const remove = page.getByRole('button', { name: 'Delete version 1' });
    expect(await remove.getAttribute('aria-disabled')).toBe('true');
    expect((await farid.send('DELETE', '/api/images/field-station/versions/1')).status()).toBe(409);
    expect((await ada.send('DELETE', `/api/instances/${id}`)).status()).toBe(200);
    await page.reload();
    await page.getByRole('button', { name: 'Delete version 1' }).click();
    await confirm('Delete');
    await page.getByText('It has no version yet').waitFor();
  });
});
