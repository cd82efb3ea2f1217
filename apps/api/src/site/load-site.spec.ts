import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { YamlInvalid } from '@beamdesk/catalogue';
import { loadSite } from './load-site';

const DEMO = resolve(__dirname, '../../../../config/demo/site.yaml');

describe('loadSite', () => {
  let folder: string;
  let file: string;
  let good: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beamdesk-site-'));
    file = join(folder, 'site.yaml');
    good = await readFile(DEMO, 'utf8');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const faults = async (text: string): Promise<string[]> => {
    await writeFile(file, text);
    const error = await loadSite(file, '/srv/data').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(YamlInvalid);
    return (error as YamlInvalid).message.split('\n').map((line) => line.replace(`${file}:`, ''));
  };
  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

  it('reads the demo site, with the data folder put in', async () => {
    const site = await loadSite(DEMO, '/srv/data/');
    expect(site.facility.name).toBe('Lumina');
    expect(site.data).toMatchObject({
      roots: ['/srv/data/proposals'],
      path: '/srv/data/proposals/{proposal}',
      guest: '/data/{proposal}',
      scratch: { root: '/srv/data/scratch', limitMib: 2048, guest: '/scratch' },
    });
    expect(site.conditions.publishedAt.toISOString()).toBe('2026-11-01T00:00:00.000Z');
  });

  it('reports every fault at once with its place', async () => {
    const text = good
      .replace('image: desktop-analysis\n    flavour: medium', 'image: desktop-analysis\n    flavour: tiny')
      .replace('keepsDisk: true', 'keepsDisk: perhaps')
      .replace('timeZone: Europe/Paris', 'timeZone: Mars/Olympus')
      .replace('from: 15900', 'from: 16900')
      .replace('beamlines: [las-2]', 'beamlines: [las-3]');
    expect(await faults(text)).toEqual([
      `${lineOf(text, 'timeZone: Mars')}:11: timeZone: is not an IANA time zone such as Europe/Paris`,
      `${lineOf(text, 'flavour: tiny')}:14: plans[0].flavour: 'tiny' is not in flavours`,
      expect.stringContaining(`${lineOf(text, 'keepsDisk: perhaps')}:16: plans[1].keepsDisk: `),
      `${lineOf(text, 'beamlines: [las-3]')}:17: plans[1].beamlines[0]: 'las-3' is not in beamlines`,
      `${lineOf(text, 'ports:')}:5: hosts[0].ports: from is above to`,
    ]);
  });

  it.each([
    [
      'an unknown placeholder',
      "path: '{dataDir}/proposals/{proposal}'",
      "path: '{dataDir}/proposals/{user}'",
      'data.path',
    ],
    ['a path outside its roots', "path: '{dataDir}/proposals/{proposal}'", "path: '/etc/{proposal}'", 'data.path'],
    [
      'a path with ..',
      "path: '{dataDir}/proposals/{proposal}'",
      "path: '{dataDir}/proposals/../{proposal}'",
      'data.path',
    ],
    ['a guest path elsewhere', 'runAs: { rule: machine }', "guest: '/etc/{proposal}'", 'data.guest'],
    [
      'root as the reader',
      'runAs: { rule: machine }',
      'runAs: { rule: accounts, accounts: { ada: { uid: 0, gid: 1001 } } }',
      'data.runAs.accounts.ada.uid',
    ],
    ['a missing role', '  STAFF: {', '  NOBODY: {', 'quotas'],
    ['a negative limit', 'machines: 2', 'machines: -2', 'quotas.USER.machines'],
    ['a fraction', 'lifetimeMinutes: 480', 'lifetimeMinutes: 0.5', 'plans[0].lifetimeMinutes'],
    ['an id with a slash', 'id: desktop-analysis', 'id: ../etc', 'images[0].id'],
  ])('refuses %s', async (_what, before, after, field) => {
    expect(good).toContain(before);
    expect((await faults(good.replace(before, after))).join('\n')).toContain(` ${field}`);
  });

  it('refuses a data folder that would change the meaning of the file', async () => {
    await expect(loadSite(DEMO, "/srv/'\nfacility: x")).rejects.toThrow('plain absolute path');
  });
});
