import { parseArgs } from 'node:util';
import { Audit } from '../../audit/audit';
import { LocalAccounts } from '../local-accounts/local-accounts';
import { PasswordAttempts } from '../local-accounts/password-attempts';
import { accountName, NAME_RULE, passwordFault } from '../local-accounts/password-rules';
import { openDatabase } from './open-database';
import { readInput, type Terminal } from './terminal';
import { UsageError } from './usage';

interface Asked {
  accounts: LocalAccounts;
  attempts: PasswordAttempts;
  /** Of the account; '' for `list`. */
  name: string;
  values: { name?: string | undefined; mail?: string | undefined };
  terminal: Terminal;
}

/** Each answers what it did, as a sentence; null: there was nothing to do. */
const COMMANDS: Record<string, (asked: Asked) => Promise<string | null>> = {
  create: async ({ accounts, name, values, terminal }) => {
    const displayName = values.name?.trim() ?? '';
    if (displayName === '' || displayName.length > 200)
      throw new UsageError('--name TEXT is missing: what people read');
    const email = values.mail?.trim() || null;
    const oneTimePassword = await oneTimePasswordFor(name, terminal);
    const made = await accounts.create({ name, displayName, email, oneTimePassword });
    return made ? `${name} may sign in within 7 days with the one-time password, and sets another then` : null;
  },
  reset: async ({ accounts, attempts, name, terminal }) => {
    if (!(await accounts.reset(name, await oneTimePasswordFor(name, terminal)))) return null;
    await attempts.forget(name);
    return `${name} may sign in within 7 days with the new one-time password; what was open is closed`;
  },
  disable: async ({ accounts, name }) =>
    (await accounts.disable(name)) ? `${name} is disabled; what was open is closed` : null,
  enable: async ({ accounts, name }) => ((await accounts.enable(name)) ? `${name} is enabled` : null),
  unlock: async ({ attempts, name }) =>
    (await attempts.forget(name)) ? `failed tries of ${name} are forgotten` : null,
  list: async ({ accounts, terminal }) => {
    const all = await accounts.list();
    for (const { name, displayName, disabledAt, oneTimeUntil } of all) {
      const state = disabledAt
        ? 'disabled'
        : oneTimeUntil
          ? `one-time password until ${oneTimeUntil.toISOString()}`
          : 'enabled';
      terminal.print(`${name.padEnd(20)} ${displayName.padEnd(30)} ${state}`);
    }
    return `${all.length} local account${all.length === 1 ? '' : 's'}`;
  },
};

/**
 * `identity account`
 * @returns 0: done, 1: there was nothing to do
 * @throws UsageError before anything happens; ConfigError where the database's settings are wrong
 */
export async function accountCommand(argv: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = options(argv);
  const [what = '', typed, ...rest] = positionals;
  const command = Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
  if (!command) throw new UsageError(what === '' ? 'account: what?' : `there is no command account ${what}`);
  if ((typed === undefined) !== (what === 'list') || rest.length > 0)
    throw new UsageError(`account ${what}: of which account?`);
  const name = what === 'list' ? '' : accountName(typed ?? '');
  if (name === null) throw new UsageError(NAME_RULE);
  const dataSource = await openDatabase(terminal.env);
  try {
    const accounts = new LocalAccounts(dataSource, new Audit(dataSource));
    const done = await command({ accounts, attempts: new PasswordAttempts(dataSource), name, values, terminal });
    terminal.print(done ?? nothingTo(what, name));
    return done === null ? 1 : 0;
  } finally {
    await dataSource.destroy();
  }
}

function options(argv: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: argv, allowPositionals: true, options: { name: text, mail: text } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function nothingTo(what: string, name: string): string {
  if (what === 'create') return `the name ${name} is taken: names are never given twice`;
  return what === 'unlock'
    ? `there are no failed tries of ${name}`
    : `there is no such account, or nothing to change: ${name}`;
}

/** Never a word of the command line, which every user of the machine can read. */
async function oneTimePasswordFor(name: string, terminal: Terminal): Promise<string> {
  const password = (await readInput(terminal)).replace(/\r?\n$/, '');
  if (/[\r\n]/.test(password)) throw new UsageError('the one-time password on standard input must be one line');
  const fault = passwordFault(password, name);
  if (fault) throw new UsageError(`the one-time password on standard input: ${fault}`);
  return password;
}
