import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceView } from '@beamdesk/contracts';
import { IDENTITY_FILE, makeTellingSite, VALUE } from '../fixtures/telling-site';
import { Installation, until } from '../harness/installation';
import { PortalClient } from '../harness/portal-client';
import { redeem } from '../harness/redeem';
import { settledTemplates } from '../harness/templates';

jest.setTimeout(900_000);

/** What a guest told of itself, by name. */
type Told = Record<string, string>;

/** Two copies of one saved desktop: the guest itself writes down what it is. */
describe('two copies of one desktop', () => {
  const site = makeTellingSite();
  let installation: Installation;
  let ada: PortalClient;
  let desktops: InstanceView[];
  let told: [Told, Told];

  beforeAll(async () => {
    installation = await Installation.start({ env: site.env, readyWithinMs: 900_000 });
    ada = await PortalClient.signIn(installation.url, 'ada');
    const templates = await settledTemplates(await PortalClient.signIn(installation.url, 'farid'), 300_000);
    expect(templates.map(({ imageId, state }) => [imageId, state])).toEqual([['desktop-analysis', 'ready']]);
    const events = await ada.events();
    const keys = (await ada.proposalKeys()).filter((key) => /2026030[12]$/.test(key));
    expect(keys).toHaveLength(2);
    desktops = await Promise.all(
      keys.map(async (key) => {
        const answer = await ada.launch(key);
        if (!answer.ok) throw new Error(answer.body.message);
        return (await events.reached(answer.body.id, ['READY', 'FAILED'], 120_000)).instance;
      }),
    );
    events.close();
    told = (await Promise.all(
      desktops.map(({ proposalName: name }) =>
        until(
          () => readIdentity(installation, name),
          60_000,
          () => `the guest of ${name} to tell`,
        ),
      ),
    )) as [Told, Told];
  });

  afterAll(async () => {
    await installation?.remove();
    rmSync(site.folder, { recursive: true, force: true });
  });

  it('are both copies', () => {
    expect(desktops.map(({ state, launch }) => [state, launch?.path])).toEqual(Array(2).fill(['READY', 'clone']));
  });

  it.each(['machine-id', 'boot-id', 'hostname', 'urandom', 'uuid'])('have each their own %s', (name) => {
    const [one, other] = told.map((guest) => guest[name]);
    expect(one).toMatch(/^\S{8,}$/);
    expect(other).toMatch(/^\S{8,}$/);
    expect(one).not.toBe(other);
  });

  it('have each their own host keys, of every kind', () => {
    const kinds = told.map((guest) => Object.keys(guest).filter((name) => name.startsWith('ssh_host_')));
    expect(kinds[0]?.length).toBeGreaterThan(0);
    expect(kinds[1]).toEqual(kinds[0]);
    for (const kind of kinds[0] ?? []) expect(told[0][kind]).not.toBe(told[1][kind]);
  });

  it('are one machine each to all who ask', () => {
    for (const guest of told) expect(guest['dbus-machine-id']).toBe(guest['machine-id']);
  });

  it('have each their own console secret', async () => {
    const consoles = await Promise.all(desktops.map(async ({ id }) => redeem(installation, ada, await ada.ticket(id))));
    const passwords = consoles.map((answer) => (answer.action === 'connect' ? answer.parameters['password'] : answer));
    expect(passwords).toEqual([expect.stringMatching(/^\S{8}$/), expect.stringMatching(/^\S{8}$/)]);
    expect(passwords[0]).not.toBe(passwords[1]);
  });

  it('know whose they are and what time it is, and got the values of the boot script to the letter', async () => {
    const { user } = await ada.session();
    for (const [index, guest] of told.entries()) {
      const { proposalName, createdAt } = desktops[index] as InstanceView;
      expect(guest).toMatchObject({ person: user?.id, proposal: proposalName, user: '0', value: VALUE });
      // A clock that went on from where the template was saved is behind the click.
      expect(Number(guest['clock'])).toBeGreaterThan(Date.parse(createdAt) / 1000 - 1);
      expect(Number(guest['clock'])).toBeLessThan(Date.now() / 1000 + 1);
    }
  });
});

/** What the guest of a proposal wrote into its scratch; null: nothing yet. */
function readIdentity({ dataDir }: Installation, proposal: string): Told | null {
  const root = join(dataDir, 'scratch');
  const path = readdirSync(root, { recursive: true, encoding: 'utf8' }).find(
    (name) => name.endsWith(`/${IDENTITY_FILE}`) && name.includes(proposal),
  );
  if (!path) return null;
  const lines = readFileSync(join(root, path), 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}
