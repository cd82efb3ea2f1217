import { lookUp, NameService, NameTable } from './name-service';

const TABLES: Record<NameTable, Record<string, string>> = {
  passwd: {
    ada: 'ada:x:5001:5000:Ada Okafor:/home/ada:/bin/sh',
    bo: 'bo:x:5002:5000::/home/bo:/bin/sh',
    www: 'www:x:33:33::/var/www:/usr/sbin/nologin',
    staffed: 'staffed:x:5003:50::/:/bin/sh',
    squashed: 'squashed:x:65534:65534::/:/bin/sh',
    Alias: 'ada:x:5001:5000::/:/bin/sh',
    broken: 'broken:x::5000',
  },
  group: {
    p123: 'p123:x:6001:ada',
    p124: 'p124:x:6002:bo',
    team: 'team:x:5000:',
    adm: 'adm:x:4:ada',
    broken: 'broken:x:-1:',
  },
  initgroups: { ada: 'ada                   5000 6001 4 6009', bo: 'bo 6002' },
};
const names: NameService = async (table, name) => (Object.hasOwn(TABLES[table], name) ? (TABLES[table][name] ?? null) : null);

describe('names of accounts and groups', () => {
  it('become ids: of the groups those that are named', async () => {
    expect(await lookUp({ account: 'ada', groups: ['p123'] }, names)).toEqual({ uid: 5001, gid: 5000, groups: [6001] });
    expect(await lookUp({ account: 'ada', groups: ['team'] }, names)).toEqual({ uid: 5001, gid: 5000, groups: [5000] });
  });

  it('where no group is named, all of the account but the system’s', async () => {
    expect(await lookUp({ account: 'ada', groups: [] }, names)).toEqual({ uid: 5001, gid: 5000, groups: [5000, 6001, 6009] });
  });

  it('ids that a site lists get the groups that it names', async () => {
    const account = { uid: 7001, gid: 7001, groups: [7002] };
    expect(await lookUp({ account, groups: ['p124'] }, names)).toEqual({ uid: 7001, gid: 7001, groups: [7002, 6002] });
  });

  it.each([
    ['an account that is not there', 'nemo', []],
    ['a group that is not there', 'ada', ['p999']],
    ['a group the account is not in', 'ada', ['p124']],
    ['one group of two', 'ada', ['p123', 'p124']],
    ['an account of the system', 'www', []],
    ['a main group of the system', 'staffed', []],
    ['nobody', 'squashed', []],
    ['a group of the system', 'ada', ['adm']],
    ['another name for an account', 'Alias', []],
    ['an account without a uid', 'broken', []],
    ['a group without a gid', 'ada', ['broken']],
    ['a number, which would mean an id', '5001', []],
    ['a number for a group', 'ada', ['6001']],
    ['an option', '--service=files', []],
    ['nothing', '', []],
    ['a line break', 'ada\nroot', []],
  ])('refuses %s', async (_, account, groups) => {
    await expect(lookUp({ account, groups }, names)).rejects.toMatchObject({ reason: 'data-no-account' });
  });

  it('refuses more groups than a machine can have, and says what to do', async () => {
    const many: NameService = async (table, name) =>
      table === 'initgroups' ? `ada ${Array.from({ length: 65 }, (_, at) => 6000 + at).join(' ')}` : names(table, name);
    await expect(lookUp({ account: 'ada', groups: [] }, many)).rejects.toMatchObject({
      detail: expect.stringContaining('data.runAs.groups'),
    });
    expect((await lookUp({ account: 'ada', groups: ['p123'] }, many)).groups).toEqual([6001]);
  });

  it('asks the host itself: root is there, and refused', async () => {
    const asked = lookUp({ account: 'root', groups: [] });
    await expect(asked).rejects.toMatchObject({ reason: 'data-no-account', detail: expect.stringContaining('uid of') });
    await expect(lookUp({ account: 'nobody-by-this-name', groups: [] })).rejects.toMatchObject({
      detail: expect.stringContaining('has no'),
    });
  });
});
