import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proposal } from '@beamdesk/catalogue';
import { DataRefused, PathRules } from './path-rules';
import type { DataRule, SiteData } from './site-data';

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
  const onHost = (path: string, when: DataRule['when'] = {}): DataRule => ({
    ...{ when, mount: '9p', path: join(dir, path), guest: '/data/{proposal}' },
  });
  const rulesOf = (given: Partial<SiteData> = {}) =>
    new PathRules({ data: { ...data, ...given }, timeZone: 'Europe/Paris' });

  beforeEach(async () => {
    dir = await realpath(await mkdtemp(join(tmpdir(), 'beamdesk-paths-')));
    await mkdir(join(dir, 'proposals/20260301'), { recursive: true });
    await mkdir(join(dir, 'proposals/MX_2415'));
    await mkdir(join(dir, 'secret'));
    data = {
      roots: [join(dir, 'proposals')],
      nfs: ['nfs1.lumina.example'],
      rules: [onHost('proposals/{proposal}')],
      runAs: { rule: 'machine' },
      scratch: { root: join(dir, 'scratch'), limitMib: 100, guest: '/scratch' },
      home: null,
    };
  });
  afterEach(() => rm(dir, { recursive: true }));

  const refusal = async (rules: PathRules, p: Proposal): Promise<DataRefused> => {
    const error = await rules.sharesFor(person, p).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataRefused);
    return error as DataRefused;
  };

  it('shares the data read-only and a scratch of this person and proposal', async () => {
    expect(await rulesOf().sharesFor(person, proposal('MX/2415'))).toEqual({
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
      nfs: [],
      runAs: null,
    });
  });

  it('shares the home folder of the person too, the same for every proposal, where the site keeps one', async () => {
    const rules = rulesOf({ home: { root: join(dir, 'homes'), limitMib: 2048 } });
    for (const name of ['20260301', 'MX/2415']) {
      const { shares, mounts } = await rules.sharesFor(person, proposal(name));
      expect(shares.map(({ tag }) => tag)).toEqual(['data', 'scratch', 'home']);
      const folder = { hostPath: join(dir, 'homes', person.userId), readOnly: false, limitMib: 2048 };
      expect(shares[2]).toEqual({ tag: 'home', ...folder });
      expect(mounts[2]).toEqual({ tag: 'home', guestPath: '/home/user/Home', readOnly: false });
    }
  });

  it('refuses a home folder that somebody replaced by a link', async () => {
    const rules = rulesOf({ home: { root: join(dir, 'homes'), limitMib: 2048 } });
    await mkdir(join(dir, 'homes/of-somebody-else'), { recursive: true });
    await symlink('of-somebody-else', join(dir, 'homes', person.userId));
    expect((await refusal(rules, proposal('20260301'))).code).toBe('HOME_UNUSABLE');
  });

  it('refuses a proposal without data instead of mounting something else', async () => {
    const error = await refusal(rulesOf(), proposal('20269999'));
    expect(error.code).toBe('DATA_MISSING');
    expect(error.message).not.toContain(dir);
    expect(error.detail).toContain(join(dir, 'proposals/20269999'));
  });

  it('refuses a file where the folder should be', async () => {
    await writeFile(join(dir, 'proposals/file'), '');
    expect((await refusal(rulesOf(), proposal('file'))).code).toBe('DATA_MISSING');
  });

  it.each(['..', '../secret', '/', '.', '.hidden', 'x\0y', ''])('refuses the name %j', async (name) => {
    const error = await refusal(rulesOf(), proposal(name));
    expect(['DATA_NAME', 'DATA_MISSING']).toContain(error.code);
  });

  it('follows links, and refuses the ones that lead out of the roots', async () => {
    await symlink(join(dir, 'secret'), join(dir, 'proposals/out'));
    await symlink('..', join(dir, 'proposals/up'));
    await symlink('.', join(dir, 'proposals/self'));
    await symlink('20260301', join(dir, 'proposals/in'));
    const rules = rulesOf();
    for (const name of ['out', 'up', 'self']) expect((await refusal(rules, proposal(name))).code).toBe('DATA_OUTSIDE');
    const { shares } = await rules.sharesFor(person, proposal('in'));
    expect(shares[0]?.hostPath).toBe(join(dir, 'proposals/20260301'));
  });

  it('does not take a folder beside the root for one inside it', async () => {
    await mkdir(join(dir, 'proposals-of-others'));
    await symlink(join(dir, 'proposals-of-others'), join(dir, 'proposals/beside'));
    expect((await refusal(rulesOf(), proposal('beside'))).code).toBe('DATA_OUTSIDE');
  });

  it('refuses a scratch folder that somebody replaced by a link', async () => {
    await mkdir(join(dir, 'scratch', person.userId), { recursive: true });
    await symlink(join(dir, 'secret'), join(dir, 'scratch', person.userId, 'demo~~Lumina~~x'));
    expect((await refusal(rulesOf(), proposal('20260301'))).code).toBe('SCRATCH_UNUSABLE');
  });

  it('keeps long keys apart, in a folder name that the hypervisor takes', async () => {
    const rules = rulesOf();
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
    const rules = rulesOf({ rules: [onHost('proposals/{proposal}/{beamline}/{visit}')] });
    const { shares } = await rules.sharesFor(person, proposal('20260301', visits));
    expect(shares[0]?.hostPath).toBe(join(dir, 'proposals/20260301/b2/v2'));
    expect((await refusal(rules, proposal('20260301'))).code).toBe('DATA_NAME');
  });

  it('has the first rule that fits count, whether its data are there or not', async () => {
    const visits = [{ id: 'v1', beamline: beamline('bm18-tomo'), start: new Date('2025-12-31T23:30:00Z'), end: null }];
    await mkdir(join(dir, 'proposals/tomo/2026/demo/20260301'), { recursive: true });
    const rules = rulesOf({
      rules: [
        onHost('proposals/icat/{proposal}', { catalogue: ['icat'] }),
        onHost('proposals/tomo/{year}/{catalogue}/{proposal}', {
          beamline: ['id19', 'bm18-tomo'],
          facility: ['Lumina'],
        }),
        onHost('proposals/{proposal}', { facility: ['Lumina'] }),
      ],
    });
    // In Paris the year had begun.
    const { shares } = await rules.sharesFor(person, proposal('20260301', visits));
    expect(shares[0]?.hostPath).toBe(join(dir, 'proposals/tomo/2026/demo/20260301'));
    expect((await rules.sharesFor(person, proposal('20260301'))).shares[0]?.hostPath).toBe(
      join(dir, 'proposals/20260301'),
    );
    await rename(join(dir, 'proposals/tomo'), join(dir, 'proposals/moved'));
    expect((await refusal(rules, proposal('20260301', visits))).code).toBe('DATA_MISSING');
  });

  it('refuses a proposal that no rule is for', async () => {
    const rules = rulesOf({ rules: [onHost('proposals/{proposal}', { beamline: ['id11-diff'] })] });
    const error = await refusal(rules, proposal('20260301'));
    expect(error.code).toBe('DATA_NO_RULE');
    expect(error.detail).toContain('20260301');
  });

  it('takes a folder of any root', async () => {
    await mkdir(join(dir, 'second/20260401'), { recursive: true });
    await symlink(join(dir, 'second/20260401'), join(dir, 'proposals/20260401'));
    const roots = [join(dir, 'proposals'), join(dir, 'second')];
    const { shares } = await rulesOf({ roots }).sharesFor(person, proposal('20260401'));
    expect(shares[0]?.hostPath).toBe(join(dir, 'second/20260401'));
  });

  it('has virtiofs said to the hypervisor and the guest', async () => {
    const rules = rulesOf({ rules: [{ ...onHost('proposals/{proposal}'), mount: 'virtiofs' } as DataRule] });
    const { shares, mounts } = await rules.sharesFor(person, proposal('20260301'));
    expect([shares[0], mounts[0]]).toEqual([
      expect.objectContaining({ kind: 'virtiofs' }),
      expect.objectContaining({ kind: 'virtiofs' }),
    ]);
  });

  it('names an export and looks at no folder for NFS; hostile names are refused all the same', async () => {
    const nfs = { server: 'nfs1.lumina.example', export: '/exports/{catalogue}/{proposal}' };
    const rules = rulesOf({ rules: [{ when: {}, mount: 'nfs', nfs, guest: '/data/{proposal}' }] });
    const shared = await rules.sharesFor(person, proposal('MX/9999'));
    expect(shared.nfs).toEqual([{ tag: 'data', server: 'nfs1.lumina.example', exportPath: '/exports/demo/MX_9999' }]);
    expect(shared.shares.map(({ tag }) => tag)).toEqual(['scratch']);
    expect(shared.mounts[0]).toEqual({ tag: 'data', guestPath: '/data/MX_9999', readOnly: true, kind: 'nfs' });
    for (const name of ['..', '../x', '.hidden', ''])
      expect((await refusal(rules, proposal(name))).code).toBe('DATA_NAME');
  });

  it('has accounts and groups asked for by name where the site says so', async () => {
    const system = rulesOf({ runAs: { rule: 'system', groups: ['p{proposal}'] } });
    const asked = async (rules: PathRules, name: string) => (await rules.sharesFor(person, proposal(name))).runAs;
    expect(await asked(system, 'MX/2415')).toEqual({ account: 'ada', groups: ['pMX_2415'] });
    const ids = { uid: 5001, gid: 5001, groups: [6001] };
    const listed = rulesOf({ runAs: { rule: 'accounts', accounts: { ada: ids }, groups: ['p{proposal}'] } });
    expect(await asked(listed, '20260301')).toEqual({ account: ids, groups: ['p20260301'] });
  });

  it.each(['0', '1000', '-x', 'a b', 'a:b', '', 'x'.repeat(200), 'r\u00f6\u00f6t'])(
    'asks for no account %j',
    async (name) => {
      const rules = rulesOf({ runAs: { rule: 'system', groups: [] } });
      const other = { ...person, account: { ...person.account, name } };
      await expect(rules.sharesFor(other, proposal('20260301'))).rejects.toMatchObject({ code: 'DATA_NO_ACCOUNT' });
    },
  );

  it('asks for no group that is none', async () => {
    const rules = rulesOf({ runAs: { rule: 'system', groups: ['p{proposal}'] } });
    expect((await refusal(rules, proposal('a b'))).code).toBe('DATA_NO_ACCOUNT');
  });

  it('reads with the ids of the account, and refuses who has none', async () => {
    const ids = { uid: 5001, gid: 5001, groups: [6001] };
    const rules = rulesOf({ runAs: { rule: 'accounts', accounts: { ada: ids }, groups: [] } });
    expect((await rules.sharesFor(person, proposal('20260301'))).runAs).toEqual(ids);
    for (const name of ['bo', 'constructor', '__proto__']) {
      const other = { ...person, account: { ...person.account, name } };
      await expect(rules.sharesFor(other, proposal('20260301'))).rejects.toMatchObject({ code: 'DATA_NO_ACCOUNT' });
    }
  });
});
