import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeoplePage, QuotaRequestsPage } from '@beamdesk/contracts';
import type { Browser, Page } from 'playwright-core';
import { TINY_SITE } from '../fixtures/tiny-site';
import { Installation, until } from '../harness/installation';
import { Mailbox } from '../harness/mailbox';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';

jest.setTimeout(120_000);

const WHY = 'Two samples of titanium, side by side.';
const DESKTOP = 'Desktop for 20260312';
/** A list is asked for again every 15 s. */
const HEARD_MS = 40_000;

/** Chen may hold nothing, asks for two machines, and gets one from the staff of a beamline of theirs. */
describe('asking for more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quota-request-'));
  let mailbox: Mailbox;
  let installation: Installation;
  let browser: Browser;
  let chen: Visitor;
  let dana: Visitor;
  let bo: Visitor;

  beforeAll(async () => {
    // The api reads it as another user.
    chmodSync(folder, 0o755);
    const site = join(folder, 'site.yaml');
    writeFileSync(site, readFileSync(TINY_SITE.SITE_FILE, 'utf8').replace('USER: { machines: 4,', 'USER: { machines: 0,'));
    mailbox = await Mailbox.open();
    installation = await Installation.start({ env: { SITE_FILE: site, ...mailbox.env }, readyWithinMs: 600_000 });
    browser = await launchBrowser();
    [chen, dana, bo] = [await arrive(), await arrive(), await arrive()];
    await Promise.all([chen.signIn('chen'), dana.signIn('dana'), bo.signIn('bo')]);
    await appoint();
  }, 900_000);

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    await mailbox?.close();
    rmSync(folder, { recursive: true });
  });

  const arrive = () => Visitor.arrive(browser, installation);
  const dialog = (page: Page) => page.getByRole('dialog');
  /** Dana looks after ID11, Bo after BM18. */
  async function appoint(): Promise<void> {
    const farid = await PortalClient.signIn(installation.url, 'farid');
    const { items } = await farid.get<PeoplePage>('/api/people?show=all&limit=100');
    const found = (name: string) => items.find((one) => one.name === name);
    const staff = found('Dana Moreau')?.roles.find(({ role }) => role === 'STAFF');
    const terms = { until: null, reason: 'Looks after it.' };
    const answers = [
      await farid.send('PUT', `/api/authorisations/${staff?.id}`, { ...terms, beamlines: ['id11-diff'] }),
      await farid.send('POST', `/api/people/${found('Bo Lindqvist')?.id}/roles`, {
        ...{ ...terms, role: 'STAFF', beamlines: ['bm18-tomo'] },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  }
  /** The very document that is there now, however its address changes. */
  const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { stayed: true }));
  const stayed = (page: Page) => page.evaluate(() => Reflect.get(window, 'stayed') === true);

  it('is what is left when the quota refuses a desktop', async () => {
    await chen.page.goto('/proposals');
    await chen.page.getByText('20260312').first().waitFor();
    await mark(chen.page);
    expect(await chen.page.getByRole('button', { name: DESKTOP }).isEnabled()).toBe(false);
    await chen.page.getByRole('link', { name: 'Quotas' }).first().click();
    await chen.page.getByRole('button', { name: 'Ask for more …' }).click();
    await dialog(chen.page).getByLabel('Machines').fill('2');
    await dialog(chen.page).getByLabel(/Why\?/).fill(WHY);
    await dialog(chen.page).getByRole('button', { name: 'Ask', exact: true }).click();
    await dialog(chen.page).waitFor({ state: 'hidden' });
    await chen.page.getByText('waits for a decision').waitFor();
    await chen.page.getByRole('link', { name: 'Proposals' }).first().click();
    await chen.page.getByRole('button', { name: DESKTOP }).waitFor();
  });

  it('is granted in part by the staff of the beamline; staff of another see nothing of it', async () => {
    await bo.page.goto('/people/quota-requests');
    await bo.page.getByText('Nobody waits for a decision.').waitFor();
    expect((await bo.get<QuotaRequestsPage>('/api/quota-requests/for-staff')).items).toEqual([]);
    await dana.page.goto('/people/quota-requests');
    await dana.page.getByText(WHY).waitFor({ timeout: HEARD_MS });
    await dana.page.getByText('Machines: 2 wanted, now 0 of 0 in use').waitFor();
    await dana.page.getByRole('button', { name: /^Grant to Chen Wei/ }).click();
    await dialog(dana.page).getByLabel('Machines').fill('1');
    await dialog(dana.page).getByLabel(/A word to the person/).fill('One will do this week.');
    await dialog(dana.page).getByRole('button', { name: 'Grant', exact: true }).click();
    await dialog(dana.page).waitFor({ state: 'hidden' });
  });

  it("changes the button in Chen's open page, and tells them by mail", async () => {
    await until(
      () => chen.page.getByRole('button', { name: DESKTOP }).isEnabled(),
      10_000,
      () => 'the button to change',
    );
    expect(await stayed(chen.page)).toBe(true);
    const [mail = ''] = await until(
      () => (mailbox.to('chen.wei@lumina.example').length > 0 ? mailbox.to('chen.wei@lumina.example') : null),
      20_000,
      () => 'the mail',
    );
    expect(mail).toContain('Granted: 1 machine, until');
    expect(mail).toContain('One will do this week.');
  });

  it('lets the desktop be launched', async () => {
    await chen.page.getByRole('button', { name: DESKTOP }).click();
    await until(
      async () => (await chen.instances())[0]?.state === 'READY',
      90_000,
      () => 'READY',
    );
    await chen.page.goto('/quotas');
    await chen.page.getByText('granted in part').waitFor();
  });
});
