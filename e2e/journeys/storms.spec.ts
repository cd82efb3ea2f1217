import { Browser } from 'playwright-core';
import type { InstanceView, ProposalView } from '@beamdesk/contracts';
import { Installation, until } from '../harness/installation';
import { Accounts, Ledger } from '../harness/ledger';
import { launchBrowser, Visitor } from '../harness/portal';
import { mulberry32 } from '../harness/random';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(900_000);

const SETTLED = new Set(['READY', 'FAILED', 'STOPPED']);

describe('kill -9 at any moment', () => {
  let installation: Installation;
  let ledger: Ledger;
  let browser: Browser;
  let ada: Visitor;
  let proposals: ProposalView[];
  const seed = Number(process.env['BEAMDESK_STORM_SEED'] ?? 20261121);
  const random = mulberry32(seed);

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    ledger = new Ledger(installation);
    browser = await launchBrowser();
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    proposals = (await ada.proposals('?limit=50')).items.slice(0, 3);
    expect(proposals).toHaveLength(3);
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  const launch = (proposal: ProposalView) => ada.send('PUT', `/api/proposals/${proposal.key}/services/desktop`, {});
  const answering = () => until(() => installation.ready(), 60_000, () => 'the api to answer again');

  /** Waits until nothing is under way. */
  const settled = (): Promise<InstanceView[]> =>
    until(
      async () => {
        const instances = await ada.instances().catch(() => null);
        return instances?.every(({ state }) => SETTLED.has(state)) ? instances : null;
      },
      180_000,
      () => `every desktop to settle (seed ${seed})`,
    );

  const expectAgreement = (books: Accounts) => {
    expect({ seed, ...books, ports: books.instances, folders: books.instances, machines: books.instances }).toEqual({
      seed,
      ...books,
    });
    expect(books.allocated).toBe(books.instances.length);
  };

  const stopAll = async () => {
    for (const { id } of await ada.instances()) {
      expect((await ada.send('DELETE', `/api/instances/${id}`)).status()).toBe(200);
    }
    await until(async () => (await ada.instances()).length === 0, 120_000, () => 'every desktop to be gone');
  };

  it('the api, at 30 random moments of launches and stops: every book agrees afterwards', async () => {
    for (let round = 0; round < 30; round++) {
      const proposal = proposals[Math.floor(random() * proposals.length)] as ProposalView;
      const running = (await ada.instances()).find(({ proposalKey }) => proposalKey === proposal.key);
      const act =
        running && random() < 0.6
          ? ada.send('POST', `/api/instances/${running.id}/stop`)
          : launch(proposal);
      await Promise.race([act.catch(() => null), new Promise((next) => setTimeout(next, random() * 400))]);
      await new Promise((next) => setTimeout(next, random() * 2500));
      installation.kill('api');
      await answering();
    }
    await settled();
    expectAgreement(await ledger.read());
    const { usage } = await ada.quota();
    expect(usage.machines).toBe((await ledger.read()).allocated);
    await stopAll();
    expect(await ledger.read()).toEqual({ instances: [], ports: [], folders: [], machines: [], allocated: 0 });
    expect((await ada.quota()).usage).toEqual({ machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 });
  });

  it('guacd, bridge, PostgreSQL and the launcher under a running desktop: it runs on, and every book agrees', async () => {
    await launch(proposals[0] as ProposalView);
    await settled();
    const [before] = (await ledger.read()).machines;
    for (const service of ['guacd', 'bridge', 'postgres', 'launcher', 'front'] as const) {
      if (service === 'launcher' && process.getuid?.() !== 0) continue;
      installation.kill(service);
      await new Promise((next) => setTimeout(next, 1000));
      await answering();
    }
    await until(async () => (await ada.instances())[0]?.state === 'READY', 60_000, () => 'READY');
    const books = await ledger.read();
    expect(books.machines).toEqual([before]);
    expectAgreement(books);
  });

  it('a QEMU: noticed within 5 seconds, its place is free when its machine is gone', async () => {
    const [pid] = installation.machinePids();
    process.kill(pid as number, 'SIGKILL');
    const at = Date.now();
    const failed = await until(
      async () => (await ada.instances()).find(({ state }) => state === 'FAILED'),
      15_000,
      () => 'FAILED',
    );
    expect(Date.now() - at).toBeLessThan(5_000 + 1_000);
    expect(failed.failure?.message).toMatch(/^[A-Z].{10,}[.!?]$/);
    expect((await ada.quota()).usage.machines).toBe(0);
    expect((await ledger.read()).machines).toEqual([]);
    const again = await launch(proposals[0] as ProposalView);
    expect(again.status()).toBe(200);
    expect((await settled())[0]?.state).toBe('READY');
  });

  it('everything at once (the whole portal): the next start adopts the desktop', async () => {
    const { machines } = await ledger.read();
    await installation.stop();
    expect(installation.printed).toMatch(/desktops that still run: 1|1 desktop runs on/);
    expect(installation.machinePids()).toHaveLength(1);
    await installation.up();
    await until(async () => (await ada.instances())[0]?.state === 'READY', 60_000, () => 'READY');
    const books = await ledger.read();
    expect(books.machines).toEqual(machines);
    expectAgreement(books);
  });

  it('an emptied database does not kill running machines', async () => {
    const [pid] = installation.machinePids();
    await ledger.query(
      // The audit refuses to be emptied; whoever owns the table can take that away first.
      `ALTER TABLE audit_entry DISABLE TRIGGER USER;
       DO $$ DECLARE t text; BEGIN
         FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
           EXECUTE format('TRUNCATE %I CASCADE', t);
         END LOOP;
       END $$`,
    );
    installation.kill('api');
    await answering();
    await new Promise((next) => setTimeout(next, 10_000));
    expect(installation.machinePids()).toEqual([pid]);
  });
});
