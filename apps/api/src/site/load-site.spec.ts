import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
    await cp(join(DEMO, '../communities'), join(folder, 'communities'), { recursive: true });
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
      rules: [{ when: {}, mount: '9p', path: '/srv/data/proposals/{proposal}', guest: '/data/{proposal}' }],
      scratch: { root: '/srv/data/scratch', limitMib: 2048, guest: '/scratch' },
    });
    expect(site.conditions.publishedAt.toISOString()).toBe('2026-11-01T00:00:00.000Z');
  });

  it('reports every fault at once with its place', async () => {
    const text = good
      .replace('image: desktop-analysis\n    flavour: medium', 'image: desktop-analysis\n    flavour: tiny')
      .replace('lifetimeMinutes: 240\n    keepsDisk: false', 'lifetimeMinutes: 240\n    keepsDisk: perhaps')
      .replace('timeZone: Europe/Paris', 'timeZone: Mars/Olympus')
      .replace('from: 15900', 'from: 16900')
      .replace('beamlines: [id11-diff, bm18-tomo]', 'beamlines: [id11-diff, bm18]')
      .replace('techniques: [diffraction, tomography]', 'techniques: [diffraction, tomography, diffraction]');
    expect(await faults(text)).toEqual([
      `${lineOf(text, 'timeZone: Mars')}:11: timeZone: is not an IANA time zone such as Europe/Paris`,
      `${lineOf(text, 'flavour: tiny')}:14: plans[1].flavour: 'tiny' is not in flavours`,
      expect.stringContaining(`${lineOf(text, 'keepsDisk: perhaps')}:16: plans[2].keepsDisk: `),
      `${lineOf(text, 'beamlines: [id11-diff, bm18]')}:28: plans[2].beamlines[1]: 'bm18' is not in beamlines`,
      `${lineOf(text, 'techniques: [diffraction, tomography, d')}:43: plans[2].techniques[2]: 'diffraction' occurs twice`,
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
    [
      'a keyboard that is none',
      'timeZone: Europe/Paris',
      "timeZone: Europe/Paris\nkeyboard: 'de; rm'",
      'keyboard: must be an XKB layout',
    ],
    [
      'less memory promised than there is',
      'memoryOvercommit: 1',
      'memoryOvercommit: 0.5',
      'hosts[0].memoryOvercommit: must be at least 1',
    ],
    [
      'a plan that is for nobody',
      'techniques: [diffraction, fluorescence, tomography, sans]',
      'techniques: []',
      'plans[1]: must name beamlines or techniques',
    ],
    [
      'a plan of no known technique',
      'techniques: [sans]',
      'techniques: [saxs]',
      "plans[0].techniques[0]: 'saxs' is not in techniques",
    ],
    [
      'a term of two techniques',
      '- XRF',
      '- x-ray  DIFFRACTION',
      "techniques[1].terms[0]: 'x-ray  DIFFRACTION' occurs twice",
    ],
    ['an id with a slash', 'id: desktop-analysis', 'id: ../etc', 'images[0].id'],
  ])('refuses %s', async (_what, before, after, field) => {
    expect(good).toContain(before);
    expect((await faults(good.replace(before, after))).join('\n')).toContain(` ${field}`);
  });

  describe('of boot scripts', () => {
    const withScript = (script: string) => good.replace('preset: true\n', `preset: true\n    bootScript: ${script}\n`);

    it('takes a text or a file beside it, with values', async () => {
      await mkdir(join(folder, 'scripts'), { recursive: true });
      await writeFile(join(folder, 'scripts/first.sh'), '#!/bin/sh\necho first\n');
      const text = withScript('{ file: scripts/first.sh, values: { server: "$(reboot) {proposal}" } }')
        .replace('lifetimeMinutes: 240', "keyboard: null\n    bootScript: { text: 'echo second' }\n    lifetimeMinutes: 240")
        .replace('timeZone: Europe/Paris', 'timeZone: Europe/Paris\nkeyboard: ch(fr)');
      await writeFile(file, text);
      const site = await loadSite(file, '/srv/data');
      expect(site.plans.map(({ keyboard, bootScript }) => ({ keyboard, bootScript }))).toEqual([
        {
          keyboard: 'ch(fr)',
          bootScript: { text: '#!/bin/sh\necho first\n', values: { server: '$(reboot) {proposal}' } },
        },
        { keyboard: 'ch(fr)', bootScript: null },
        { keyboard: null, bootScript: { text: 'echo second', values: {} } },
        { keyboard: 'ch(fr)', bootScript: null },
      ]);
    });

    it.each([
      ['neither text nor file', '{}', 'bootScript: must have either text or file'],
      ['both', '{ text: x, file: x }', 'bootScript: must have either text or file'],
      ['a file that is not there', '{ file: gone.sh }', 'bootScript.file: '],
      ['a folder', "{ file: '.' }", 'is not a file'],
      ['a file elsewhere', '{ file: /etc/passwd }', 'bootScript.file: must be relative'],
      ['a file above', '{ file: a/../../x }', 'bootScript.file: must not hold ..'],
      ['nothing in it', "{ text: ' ' }", 'bootScript.text: is empty'],
      ['too much in it', `{ text: '${'é'.repeat(33_000)}' }`, 'bootScript.text: is larger than 65536 bytes'],
      ['a value with a wrong name', '{ text: x, values: { Server: x } }', 'bootScript.values.Server'],
      [
        'a value that is no text',
        '{ text: x, values: { port: 80 } }',
        "bootScript.values.port: must be text: write '80'",
      ],
      ['a value too long', `{ text: x, values: { a: '${'x'.repeat(1025)}' } }`, 'bootScript.values.a'],
    ])('refuses %s, with its line', async (_what, script, fault) => {
      const text = withScript(script);
      const line = lineOf(text, 'bootScript:');
      expect(await faults(text)).toEqual([expect.stringMatching(new RegExp(`^${line}:`))]);
      expect((await faults(text))[0]).toContain(fault);
    });
  });

  it('refuses a data folder that would change the meaning of the file', async () => {
    await expect(loadSite(DEMO, "/srv/'\nfacility: x")).rejects.toThrow('plain absolute path');
  });
});
