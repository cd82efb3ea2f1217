import { parseArgs } from 'node:util';
import { type DirectorySettings, loadDirectories } from '../../config';
import { checkDirectory } from '../ldap/check-directory';
import { Directory } from '../ldap/directory';
import { DirectoryFault } from '../ldap/directory-fault';
import { readerName } from '../ldap/directory-reader';
import { pathOf, type Terminal } from './terminal';
import { UsageError } from './usage';

const SECURITY = { tls: 'TLS', 'start-tls': 'StartTLS', none: 'no TLS' };

/**
 * `identity map --directory`
 * @returns 0: that account could sign in, given its password; 1: could not
 */
export async function mapAccountCommand(argv: string[], terminal: Terminal): Promise<number> {
  const { directory: id, account, file } = options(argv, ['directory', 'account', 'file']);
  if (id === undefined || account === undefined || account.trim() === '')
    throw new UsageError('--directory ID and --account NAME: which account of which directory?');
  const [settings] = directories(file, id, terminal);
  if (!settings) return 1;
  try {
    return show(await new Directory(settings).show(account.trim()), settings, terminal.print) ? 0 : 1;
  } catch (error) {
    terminal.print(`fault      ${faultLine(error)}`);
    return 1;
  }
}

/**
 * `identity check`
 * @returns 0: every directory is well, 1: one is not
 */
export async function checkCommand(argv: string[], terminal: Terminal): Promise<number> {
  const { directory: id, file } = options(argv, ['directory', 'file']);
  let well = true;
  for (const settings of directories(file, id, terminal)) {
    terminal.print(`${settings.id}: ${settings.label}, ${placeOf(settings)}`);
    const { notes, faults } = await checkDirectory(settings).catch((error: unknown) => ({
      notes: [],
      faults: [faultLine(error)],
    }));
    for (const note of notes) terminal.print(`  ${note}`);
    for (const fault of faults) terminal.print(`  NOT WELL: ${fault}`);
    well &&= faults.length === 0;
  }
  return well ? 0 : 1;
}

function options(argv: string[], names: string[]): Record<string, string | undefined> {
  try {
    return parseArgs({
      args: argv,
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function directories(file: string | undefined, id: string | undefined, terminal: Terminal): DirectorySettings[] {
  const named = file || terminal.env['IDENTITY_PROVIDERS_FILE'];
  if (!named) throw new UsageError('no directory is known: give --file FILE');
  const all = loadDirectories(pathOf(terminal, named), id);
  const chosen = all.filter((one) => id === undefined || one.id === id);
  if (chosen.length > 0) return chosen;
  const known = all.map((one) => one.id).join(', ') || 'none';
  throw new UsageError(
    id === undefined ? `${named} names no directory` : `there is no directory '${id}' (known: ${known})`,
  );
}

function show(
  { found, proven }: Awaited<ReturnType<Directory['show']>>,
  settings: DirectorySettings,
  print: (line: string) => void,
): boolean {
  // People write some of it themselves: nothing that a terminal would obey.
  const line = (what: string, value: string, from?: string) =>
    print(`${what.padEnd(10)} ${value.replace(/\p{Cc}/gu, '?')}${from ? `   (${from})` : ''}`);
  const { accounts, groups } = settings;
  line('directory', `${settings.id}, ${settings.label}, ${placeOf(settings)}`);
  if (!found.entry || !proven) {
    const why = found.entry === null && found.why === 'several' ? 'several accounts have' : 'no account has';
    line('fault', `${why} this name below ${accounts.base}: nobody could sign in by it`);
    return false;
  }
  line('account', found.entry.dn);
  const { identity } = proven;
  if (identity) {
    line('issuer', settings.issuer);
    line('stable id', identity.subject, accounts.subject);
    line('name', identity.name, accounts.name.join(', '));
    line('mail', identity.email ?? 'none', accounts.email);
  } else line('fault', `the account has not exactly one ${accounts.subject}, its stable id: it could not sign in`);
  line(
    'groups',
    proven.groups.named.join(', ') || 'none',
    groups ? sourceOf(groups.source) : 'the settings ask for none',
  );
  for (const dn of proven.groups.others) line('left out', dn, 'not in the table');
  line('note', `looked up by ${readerName(settings)}; the password was not asked for, nor whether it is disabled`);
  return identity !== null;
}

type Source = NonNullable<DirectorySettings['groups']>['source'];

function sourceOf(source: Source): string {
  return source.kind === 'attribute' ? source.attribute : `${source.filter} below ${source.base}`;
}

function placeOf({ host, port, security }: DirectorySettings): string {
  return `${host}:${port} by ${SECURITY[security]}`;
}

function faultLine(error: unknown): string {
  if (error instanceof DirectoryFault) return error.message;
  throw error;
}
