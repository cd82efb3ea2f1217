import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proposal } from '@beamdesk/catalogue';
import { DataRefused, PathRules } from './path-rules';
import type { SiteData } from './site';

const person = {
  userId: '3f0b6f7e-0000-4000-8000-000000000001',
  account: { catalogue: 'demo', name: 'ada', groups: [] },
};
const beamline = (id: string) => ({ id, name: id.toUpperCase(), technique: 'Diffraction' });

function proposal(name: string, visits: Proposal['visits'] = []): Proposal {
  return {
    key: 'demo:Lumina:x',
    catalogue: 'demo',
    facility: 'Lumina',
    name,
    title: 't',
    abstract: 'a',
    visits,
    team: [],
  };
}

describe('PathRules', () => {
  let dir: string;
  let data: SiteData;

  beforeEach(async () => {
    dir = await realpath(await mkdtemp(join(tmpdir(), 'beamdesk-paths-')));
    await mkdir(join(dir, 'proposals/20260301'), { recursive: true });
    await mkdir(join(dir, 'proposals/MX_2415'));
    await mkdir(join(dir, 'secret'));
    data = {
      roots: [join(dir, 'proposals')],
      path: join(dir, 'proposals/{proposal}'),
      guest: '/data/{proposal}',
      runAs: { rule: 'machine' },
      scratch: { root: join(dir, 'scratch'), limitMib: 100, guest: '/scratch' },
    };
  });
  afterEach(() => rm(dir, { recursive: true }));

  const refusal = async (rules: PathRules, p: Proposal): Promise<DataRefused> => {
    const error = await rules.sharesFor(person, p).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataRefused);
    return error as DataRefused;
  };

  it('shares the data read-only and a scratch of this person and proposal', async () => {
    expect(await new PathRules({ data }).sharesFor(person, proposal('MX/2415'))).toEqual({
      shares: [
        { tag: 'data', hostPath: join(dir, 'proposals/MX_2415'), readOnly: true, limitMib: null },
        {
          tag: 'scratch',
          hostPath: join(dir, 'scratch', person.userId, 'demo~~Lumina~~x'),
          readOnly: false,
          limitMib: 100,
        },
      ],
      mounts: [
        { tag: 'data', guestPath: '/data/MX_2415', readOnly: true },
        { tag: 'scratch', guestPath: '/scratch', readOnly: false },
      ],
      runAs: null,
    });
  });

  it('refuses a proposal without data instead of mounting something else', async () => {
    const error = await refusal(new PathRules({ data }), proposal('20269999'));
    expect(error.code).toBe('DATA_MISSING');
    expect(error.message).not.toContain(dir);
    expect(error.detail).toContain(join(dir, 'proposals/20269999'));
  });

  it('refuses a file where the folder should be', async () => {
    await writeFile(join(dir, 'proposals/file'), '');
    expect((await refusal(new PathRules({ data }), proposal('file'))).code).toBe('DATA_MISSING');
  });

  it.each(['..', '../secret', '/', '.', '.hidden', 'x\0y', ''])('refuses the name %j', async (name) => {
    const error = await refusal(new PathRules({ data }), proposal(name));
    expect(['DATA_NAME', 'DATA_MISSING']).toContain(error.code);
  });

  it('follows links, and refuses the ones that lead out of the roots', async () => {
    await symlink(join(dir, 'secret'), join(dir, 'proposals/out'));
    await symlink('..', join(dir, 'proposals/up'));
    await symlink('.', join(dir, 'proposals/self'));
    await symlink('20260301', join(dir, 'proposals/in'));
    const rules = new PathRules({ data });
    for (const name of ['out', 'up', 'self']) expect((await refusal(rules, proposal(name))).code).toBe('DATA_OUTSIDE');
    const { shares } = await rules.sharesFor(person, proposal('in'));
    expect(shares[0]?.hostPath).toBe(join(dir, 'proposals/20260301'));
  });

  it('does not take a folder beside the root for one inside it', async () => {
    await mkdir(join(dir, 'proposals-of-others'));
    await symlink(join(dir, 'proposals-of-others'), join(dir, 'proposals/beside'));
    expect((await refusal(new PathRules({ data }), proposal('beside'))).code).toBe('DATA_OUTSIDE');
  });

  it('refuses a scratch folder that somebody replaced by a link', async () => {
    await mkdir(join(dir, 'scratch', person.userId), { recursive: true });
    await symlink(join(dir, 'secret'), join(dir, 'scratch', person.userId, 'demo~~Lumina~~x'));
    expect((await refusal(new PathRules({ data }), proposal('20260301'))).code).toBe('SCRATCH_UNUSABLE');
  });

  it('keeps long keys apart, in a folder name that the hypervisor takes', async () => {
    const rules = new PathRules({ data });
    const folders = [];
    for (const end of ['a', 'b']) {
      const long = { ...proposal('20260301'), key: `demo:Lumina:${'x'.repeat(200)}${end}` };
      const { shares } = await rules.sharesFor(person, long);
      folders.push(shares[1]?.hostPath.split('/').at(-1) ?? '');
    }
    for (const folder of folders) expect(folder).toMatch(/^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}$/);
    expect(folders[0]).not.toBe(folders[1]);
  });

  it('means the latest visit that has begun', async () => {
    const visits = [
      { id: 'v3', beamline: beamline('b3'), start: new Date(Date.now() + 86_400_000), end: null },
      { id: 'v1', beamline: beamline('b1'), start: new Date('2020-01-01'), end: null },
      { id: 'v2', beamline: beamline('b2'), start: new Date('2021-01-01'), end: null },
    ];
    await mkdir(join(dir, 'proposals/20260301/b2/v2'), { recursive: true });
    const rules = new PathRules({ data: { ...data, path: join(dir, 'proposals/{proposal}/{beamline}/{visit}') } });
    const { shares } = await rules.sharesFor(person, proposal('20260301', visits));
    expect(shares[0]?.hostPath).toBe(join(dir, 'proposals/20260301/b2/v2'));
    expect((await refusal(rules, proposal('20260301'))).code).toBe('DATA_NAME');
  });

  it('reads with the ids of the account, and refuses who has none', async () => {
    const ids = { uid: 5001, gid: 5001, groups: [6001] };
    const rules = new PathRules({ data: { ...data, runAs: { rule: 'accounts', accounts: { ada: ids } } } });
    expect((await rules.sharesFor(person, proposal('20260301'))).runAs).toEqual(ids);
    for (const name of ['bo', 'constructor', '__proto__']) {
      const other = { ...person, account: { ...person.account, name } };
      await expect(rules.sharesFor(other, proposal('20260301'))).rejects.toMatchObject({ code: 'DATA_NO_ACCOUNT' });
    }
  });
});
