import type { DataSource } from 'typeorm';
import { createTestDatabase, openTestDataSource, TestDatabase } from '../../../test/postgres/test-database';
import { migrate } from '../../database/migrate';
import { isPassword } from '../local-accounts/password-hash';
import { PasswordAttempts } from '../local-accounts/password-attempts';
import { identityCommand } from './command';

const ONE_TIME = 'a word for one use';

describe('npm run identity -- account', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database);
    await migrate(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function run(args: string[], input = '', change: NodeJS.ProcessEnv = {}) {
    const lines: string[] = [];
    const env = { DATABASE_URL: database.url, DATABASE_PASSWORD_FILE: database.passwordFile, ...change };
    const terminal = { env, cwd: '/', input: [input] as never, print: (line: string) => void lines.push(line) };
    return { code: await identityCommand(['account', ...args], terminal), text: lines.join('\n') };
  }
  const account = async (name: string) => {
    const rows = await dataSource.query<
      { password_hash: string; disabled: boolean; display_name: string; email: string }[]
    >(
      'SELECT password_hash, display_name, email, disabled_at IS NOT NULL AS disabled FROM local_account WHERE name = $1',
      [name],
    );
    return rows[0];
  };

  it('makes an account with the password of standard input, once', async () => {
    const made = await run(
      ['create', 'Grace', '--name', 'Grace Hopper', '--mail', 'grace@test.example'],
      `${ONE_TIME}\n`,
    );
    expect(made).toMatchObject({ code: 0, text: expect.stringContaining('grace may sign in within 7 days') as string });
    const row = await account('grace');
    expect(row).toMatchObject({ display_name: 'Grace Hopper', email: 'grace@test.example', disabled: false });
    expect(await isPassword(row?.password_hash ?? '', ONE_TIME)).toBe(true);
    const again = await run(['create', 'grace', '--name', 'Another'], 'another one-time word');
    expect([again.code, again.text]).toEqual([1, expect.stringContaining('is taken')]);
    expect((await account('grace'))?.display_name).toBe('Grace Hopper');
  });

  it('disables and enables it, and says when there is nothing to do', async () => {
    await run(['create', 'alan', '--name', 'Alan'], ONE_TIME);
    const codes: number[] = [];
    for (const what of ['disable', 'disable', 'enable', 'enable']) codes.push((await run([what, 'alan'])).code);
    expect(codes).toEqual([0, 1, 0, 1]);
    expect(await run(['disable', 'nobody'])).toMatchObject({ code: 1 });
    await run(['disable', 'alan']);
    expect((await run(['list'])).text).toMatch(/^alan +Alan +disabled$/m);
  });

  it('gives another one-time password, and lifts the lock', async () => {
    await run(['create', 'una', '--name', 'Una'], ONE_TIME);
    const attempts = new PasswordAttempts(dataSource);
    for (let i = 0; i < 5; i++) expect(await attempts.begin('una')).toBeNull();
    expect(await attempts.begin('una')).toBeGreaterThan(25);
    expect(await run(['reset', 'una'], 'a second one-time word')).toMatchObject({ code: 0 });
    expect(await isPassword((await account('una'))?.password_hash ?? '', 'a second one-time word')).toBe(true);
    expect(await attempts.begin('una')).toBeNull();
    expect(await run(['unlock', 'una'])).toMatchObject({ code: 0 });
    expect(await run(['unlock', 'una'])).toMatchObject({ code: 1 });
  });

  it('waits twice as long after every further failure, and never more than a quarter of an hour', async () => {
    const attempts = new PasswordAttempts(dataSource);
    const waits: (number | null)[] = [];
    for (let i = 0; i < 12; i++) {
      await attempts.begin('rob');
      waits.push(await attempts.begin('rob'));
      await dataSource.query(
        "UPDATE password_attempts SET locked_until = now() WHERE locked_until > now() + interval '1 second'",
      );
    }
    const locked = waits.filter((wait) => wait !== null);
    expect(locked.slice(0, 5)).toEqual([30, 60, 120, 240, 480]);
    expect(new Set(locked.slice(5))).toEqual(new Set([900]));
  });

  it.each([
    ['a short password', ['create', 'bo', '--name', 'Bo'], 'hunter2', 'at least 12'],
    ['a password of two lines', ['reset', 'grace'], 'hunter2 hunter2\nhunter2', 'one line'],
    ['an account without a name to read', ['create', 'bo'], ONE_TIME, '--name'],
    ['a name that is none', ['create', 'Bo Lindqvist', '--name', 'Bo'], ONE_TIME, 'a name is 2 to 32'],
    ['no account', ['disable'], '', 'of which account'],
    ['two accounts', ['disable', 'grace', 'alan'], '', 'of which account'],
    ['what it does not know', ['remove', 'grace'], '', 'no command account remove'],
  ])('refuses %s, and repeats no password', async (_what, args, input, message) => {
    const { code, text } = await run(args, input);
    expect([code, text]).toEqual([2, expect.stringContaining(message)]);
    expect(text).not.toContain('hunter2');
    expect(await account('bo')).toBeUndefined();
  });

  it('says what is wrong with the database in one line', async () => {
    expect(await run(['list'], '', { DATABASE_URL: '' })).toMatchObject({
      code: 2,
      text: expect.stringContaining('is not set') as string,
    });
    const away = await run(['list'], '', { DATABASE_URL: 'postgresql://beamdesk@127.0.0.1:1/beamdesk' });
    expect([away.code, away.text]).toEqual([2, expect.stringContaining('ECONNREFUSED')]);
  });
});
