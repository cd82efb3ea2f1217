import type { DataSource } from 'typeorm';
import { createTestDatabase, openTestDataSource, type TestDatabase } from '../../../test/postgres/test-database';
import { migrate } from '../../database/migrate';
import { UserAccountEntity } from '../entities/user-account.entity';
import { Audit } from '../../audit/audit';
import { Accounts } from '../sign-in/accounts';
import { identityCommand } from './command';

const ISSUER = 'https://login.test.example';

describe('npm run identity -- link, unlink, show', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let accounts: Accounts;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database);
    await migrate(dataSource);
    accounts = new Accounts(dataSource, new Audit(dataSource));
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const env = { DATABASE_URL: database.url, DATABASE_PASSWORD_FILE: database.passwordFile, OIDC_ISSUER: ISSUER };
    const terminal = { env, cwd: '/', input: [] as never, print: (line: string) => void lines.push(line) };
    return { code: await identityCommand(argv, terminal), text: lines.join('\n') };
  };
  const signIn = (subject: string, issuer = ISSUER) =>
    accounts.signedIn({ issuer, subject, provider: 'umbrella', name: `${subject} Tester`, email: null, groups: [] });
  const login = (subject: string) => ['--provider', 'umbrella', '--subject', subject];

  it('makes the next sign-in of a login that person’s', async () => {
    const { userId } = await signIn('ada');
    const linked = await run('link', '--person', userId, ...login('ada-2'));
    expect([linked.code, linked.text]).toEqual([0, `ada-2 of ${ISSUER}: the next sign-in with it is this person`]);
    expect((await run('link', '--person', userId, ...login('ada-2'))).code).toBe(1);
    expect((await signIn('ada-2')).userId).toBe(userId);
    const local = await run('link', '--person', userId, '--provider', 'local', '--subject', 'grace');
    expect(local.text).toContain('grace of urn:beamdesk:local-account');
    expect((await signIn('grace', 'urn:beamdesk:local-account')).userId).toBe(userId);
    const entries = await dataSource.query(
      `SELECT kind, actor_id AS actor, subject_id AS about FROM audit_entry WHERE kind LIKE 'identity-%' ORDER BY id`,
    );
    expect(entries).toEqual(Array(2).fill({ kind: 'identity-linked', actor: null, about: userId }));
  });

  it('takes a login from nobody who has anything', async () => {
    const [bo, chen] = [await signIn('bo'), await signIn('chen')];
    await dataSource.query(
      `INSERT INTO authorisation (user_id, role, granted_by, reason) VALUES ($1, 'USER', 'test', 'test')`,
      [chen.userId],
    );
    const refused = await run('link', '--person', bo.userId, ...login('chen'));
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('unlink it there first')]);
    expect(await run('unlink', ...login('chen'))).toMatchObject({
      code: 1,
      text: expect.stringContaining('--even-the-last') as string,
    });
    expect((await run('unlink', ...login('chen'), '--even-the-last')).code).toBe(0);
    expect((await run('link', '--person', bo.userId, ...login('chen'))).code).toBe(0);
    expect((await signIn('chen')).userId).toBe(bo.userId);
    expect((await run('show', '--person', chen.userId)).text).toContain('none: nobody can sign in as this person');
  });

  it('ends what is open with a login that it takes away, and its catalogue accounts, and nothing else', async () => {
    const { userId, identityId } = await signIn('dana');
    await run('link', '--person', userId, ...login('dana-2'));
    const second = await signIn('dana-2');
    const sessions = [
      ['first', identityId],
      ['second', second.identityId],
    ];
    for (const [sid, id] of sessions) {
      await dataSource.query(
        `INSERT INTO login_session (sid, sess, expire) VALUES ($1, $2, now() + interval '1 hour')`,
        [sid, JSON.stringify({ userId, identityId: id, provider: 'umbrella' })],
      );
    }
    await dataSource.query(
      `INSERT INTO catalogue_account (user_id, catalogue, name, linked_by, identity_id) VALUES ($1, 'a', 'x', 'rule', $2), ($1, 'b', 'y', 'rule', $3)`,
      [userId, identityId, second.identityId],
    );
    expect((await run('unlink', ...login('dana-2'))).code).toBe(0);
    const left = await dataSource.query('SELECT sid FROM login_session WHERE user_id = $1', [userId]);
    expect(left).toEqual([{ sid: 'first' }]);
    const known = await dataSource.query('SELECT catalogue FROM catalogue_account WHERE user_id = $1', [userId]);
    expect(known).toEqual([{ catalogue: 'a' }]);
  });

  it('shows people by name, id or login', async () => {
    const { userId } = await signIn('eve');
    await dataSource.manager.update(UserAccountEntity, userId, { email: 'eve@test.example' });
    for (const words of [
      ['--search', 'EVE@'],
      ['--person', userId],
      login('eve'),
      ['--issuer', ISSUER, '--subject', 'eve'],
    ]) {
      const { code, text } = await run('show', ...words);
      expect([code, text]).toEqual([
        0,
        expect.stringMatching(
          new RegExp(`^${userId}  eve Tester, eve@test.example\\n  way        umbrella  eve  since`),
        ),
      ]);
    }
    expect(await run('show', '--search', 'nobody at all')).toEqual({ code: 1, text: 'there is nobody like that' });
    expect((await run('show', '--search', '%')).code).toBe(1);
  });

  it.each([
    [['link', ...login('x')], '--person'],
    [['link', '--person', 'ada', ...login('x')], 'identity show --search'],
    [['unlink', '--provider', 'umbrella'], '--subject'],
    [['unlink', '--provider', 'nowhere', '--subject', 'x'], 'give --issuer URL'],
    [['show'], 'one of --person, --search'],
    [['show', '--az', 'x'], '--az'],
  ])('ends with 2 for %j', async (argv, why) => {
    const { code, text } = await run(...argv);
    expect([code, text]).toEqual([2, expect.stringContaining(why)]);
  });

  it('says that there is no such person', async () => {
    const nobody = '22222222-2222-4222-8222-222222222222';
    expect(await run('link', '--person', nobody, ...login('x'))).toEqual({ code: 1, text: 'there is no such person' });
  });
});
