import { CatalogueAccount } from '../catalogue';
import { IcatDoor } from './icat-door';
import { IcatLogin, KeptSession } from './icat-settings';
import { ALL, as, FIRST, IcatBench, keyOf, member, PASSWORD } from './testing/icat-bench';
import { addInvestigation } from './testing/icat-seed';

const loginOf = (username: string, password = PASSWORD): IcatLogin => ({
  plugin: 'db',
  credentials: [{ username }, { password }],
});

describe('sessions that others look after', () => {
  let bench: IcatBench;
  let door: IcatDoor;
  const kept = new Map<string, KeptSession>();
  let lost: string[];

  beforeEach(async () => {
    bench = await IcatBench.start();
    door = new IcatDoor(bench.server.url);
    for (const user of ['db/ada', 'db/bo']) bench.server.passwords.set(user, PASSWORD);
    addInvestigation(
      bench.server,
      { name: 'P', title: 'T', abstract: '', team: [member('db/ada', 'PI')] },
      { id: '1' },
    );
    kept.clear();
    lost = [];
  });
  afterEach(() => bench.close());

  const opened = async (user: string) => {
    const session = await door.open(loginOf(user));
    if (!session) throw new Error(`${user} was not let in`);
    const drop = async () => void (lost.push(user), kept.delete(user));
    kept.set(user, { id: session.id, lost: drop });
    return session;
  };
  const catalogue = () =>
    bench.catalogue({
      access: { kind: 'kept', sessionOf: async ({ name }: CatalogueAccount) => kept.get(name) ?? null },
    });

  it('answer in the name of the person, without any sign-in of ours', async () => {
    expect((await opened('db/ada')).user).toBe('db/ada');
    await opened('db/bo');
    const own = catalogue();
    expect((await own.search(as('db/ada'), ALL)).total).toBe(1);
    expect((await own.search(as('db/bo'), ALL)).total).toBe(0);
    expect(bench.server.queries.every((query) => query.includes('u.name = :user'))).toBe(true);
    expect(bench.server.http.asked(/\/session$/, 'POST')).toHaveLength(2);
    await own.close();
    expect(bench.server.sessions.count).toBe(2);
  });

  it.each(['none', 'expired', 'purged'])('ask for a sign-in where there is %s, which is not "no"', async (which) => {
    if (which !== 'none') await opened('db/ada');
    if (which === 'expired') bench.server.sessions.pass(121);
    if (which === 'purged') bench.server.sessions.purge();
    const questions = [
      catalogue().isMember(as('db/ada'), keyOf('P')),
      catalogue().datasets(as('db/ada'), keyOf('P'), FIRST),
      catalogue().search(as('db/ada'), ALL),
    ];
    for (const question of questions) await expect(question).rejects.toMatchObject({ reason: 'sign-in' });
    expect(lost.length > 0).toBe(which !== 'none');
  });

  it('are not given up for a fault of the server', async () => {
    await opened('db/ada');
    bench.server.http.mischief = ({ url }) =>
      url.pathname.endsWith('/entityManager') ? { status: 500, text: '{"code":"INTERNAL","message":"x"}' } : null;
    await expect(catalogue().isMember(as('db/ada'), keyOf('P'))).rejects.toMatchObject({ reason: 'failed' });
    expect(lost).toEqual([]);
  });

  it('are opened with what the server asks for, extended, and ended', async () => {
    expect(await door.authenticators()).toEqual([
      {
        mnemonic: 'db',
        label: 'db',
        fields: [
          { name: 'username', hidden: false },
          { name: 'password', hidden: true },
        ],
      },
      { mnemonic: 'oidc', label: 'Facility login', fields: [{ name: 'token', hidden: true }] },
    ]);
    expect(await door.open(loginOf('db/ada', 'wrong'))).toBeNull();
    const { id } = await opened('db/ada');
    bench.server.sessions.pass(100);
    const until = await door.extend(id);
    expect((until?.getTime() ?? 0) - Date.now()).toBeGreaterThan(119 * 60_000);
    await door.end(id);
    await door.end(id);
    expect([await door.extend(id), bench.server.sessions.count]).toEqual([null, 0]);
  });

  it('are not taken for refused or over while the server has a fault', async () => {
    const { id } = await opened('db/ada');
    bench.server.brokenPlugins.add('db');
    await expect(door.open(loginOf('db/ada'))).rejects.toMatchObject({ reason: 'failed' });
    bench.server.http.mischief = () => ({ status: 503, text: 'down' });
    await expect(door.extend(id)).rejects.toMatchObject({ reason: 'failed' });
    await expect(door.end(id)).rejects.toMatchObject({ reason: 'failed' });
    await expect(door.authenticators()).rejects.toMatchObject({ reason: 'failed' });
  });

  it('tell neither passwords nor their ids in what goes wrong', async () => {
    const { id } = await opened('db/ada');
    bench.server.http.mischief = ({ body, url }) => ({
      status: 500,
      text: JSON.stringify({ code: 'INTERNAL', message: `${url} ${body} ${body && PASSWORD}` }),
    });
    for (const question of [door.open(loginOf('db/ada')), door.extend(id), door.end(id)]) {
      const error = (await question.catch((e: unknown) => e)) as Error & { detail: string };
      const said = `${error.message} ${error.detail} ${error.stack}`;
      expect([said.includes(id), said.includes(PASSWORD), said.includes('INTERNAL')]).toEqual([false, false, true]);
    }
  });
});
