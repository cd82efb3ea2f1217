import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from 'playwright-core';
import type { InstanceView, ProposalView, TicketView } from '@beamdesk/contracts';
import { Installation, processes, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { Screen } from '../harness/screen';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(300_000);

/** Secrets stay where they belong: not in run folders, process tables, logs, nor any answer the browser got. */
describe('secrets', () => {
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  const known = new Map<string, string>();

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    browser = await launchBrowser();
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    const proposal = (await ada.proposals('?search=20260301')).items[0] as ProposalView;
    expect((await ada.send('PUT', `/api/proposals/${proposal.key}/services/desktop`, {})).status()).toBe(200);
    let latest: InstanceView | undefined;
    const ready = await until(
      async () => {
        [latest] = await ada.instances();
        return latest?.state === 'READY' ? latest : null;
      },
      120_000,
      () => `READY; is ${JSON.stringify(latest)}`,
    );
    await ada.page.goto(`/desktop/${ready.id}`);
    await new Screen(ada.page).live(60_000);
    const ticket = (await (await ada.send('POST', `/api/instances/${ready.id}/tickets`)).json()) as TicketView;
    known.set('ticket', ticket.ticket);
    for (const { name, value } of await ada.context.cookies()) {
      // The demo provider's name for one visit of its sign-in page: part of that page's path by design, spent by now.
      if (name !== '_interaction') known.set(`cookie ${name}`, value);
    }
    const folder = join(installation.dataDir, 'secrets');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!statSync(join(folder, name)).isFile()) continue;
      const bytes = readFileSync(join(folder, name));
      const text = bytes.toString('utf8').trim();
      if (/^[\x20-\x7e]{8,}$/.test(text)) known.set(name, text);
      else if (!text.startsWith('{') && !text.startsWith('-----')) {
        known.set(`${name} (hex)`, bytes.toString('hex'));
        known.set(`${name} (base64)`, bytes.toString('base64'));
      }
    }
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  const findIn = (text: string): string[] => [...known].filter(([, value]) => text.includes(value)).map(([name]) => name);

  it('are known to this test', () => {
    expect([...known.keys()]).toEqual(expect.arrayContaining(['ticket', 'cookie beamdesk']));
    expect(known.size).toBeGreaterThanOrEqual(5);
  });

  it('are readable by their owner alone', () => {
    const folder = join(installation.dataDir, 'secrets');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
    }
  });

  it('stand in no run folder and in no log', () => {
    for (const part of ['machines', 'logs', 'run']) {
      const folder = join(installation.dataDir, part);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        statSync(join(folder, name)).isFile(),
      );
      expect(files.length).toBeGreaterThan(0);
      for (const name of files) {
        if (/\.(qcow2|sock)$/.test(name)) continue;
        expect([part, name, findIn(readFileSync(join(folder, name), 'latin1'))]).toEqual([part, name, []]);
      }
    }
    expect(findIn(installation.printed)).toEqual([]);
  });

  it('stand on no command line and in no environment', () => {
    for (const { pid, argv } of processes()) {
      if (pid === process.pid) continue;
      let environment = '';
      try {
        environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      } catch {
        // The process ended, or belongs to somebody we may not look at.
      }
      expect([argv[0], findIn(argv.join('\0') + environment)]).toEqual([argv[0], []]);
    }
  });

  it('stand in no answer the browser got', async () => {
    await ada.page.goto('/resources');
    await ada.page.goto('/quotas');
    const answers = ada.received.filter((answer) => !/\/tickets\n/.test(answer));
    expect(answers.length).toBeGreaterThan(10);
    const withoutOwnCookie = (text: string) => text.replace(/"set-cookie":"[^"]*"/g, '');
    const found = answers.map(withoutOwnCookie).flatMap((answer) => findIn(answer).map((name) => [name, answer.slice(0, 80)]));
    expect(found).toEqual([]);
    expect(ada.received.join('\n')).not.toMatch(/id_token|access_token|refresh_token/);
  });
});
