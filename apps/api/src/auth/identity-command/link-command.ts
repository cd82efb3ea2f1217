import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Audit } from '../../audit/audit';
import { Authorisations } from '../../authorisation/authorisations';
import { IdentityEntity } from '../entities/identity.entity';
import { UserAccountEntity } from '../entities/user-account.entity';
import { IdentityLinks, type Linked, type Removed } from '../linking/identity-links';
import { issuerOf } from './issuer-of';
import { openDatabase } from './open-database';
import { showPeople } from './show-people';
import type { Terminal } from './terminal';
import { UsageError } from './usage';

type Values = ReturnType<typeof options>;

const LINKED: Record<Linked, string> = {
  LINKED: 'the next sign-in with it is this person',
  LINK_ALREADY_YOURS: 'it is this person’s already',
  LINK_OF_ANOTHER_PERSON: 'it is another person’s who has things of their own; unlink it there first, they keep these',
  LINK_TOO_MANY: 'this person has as many ways to sign in as one may have',
};
const REMOVED: Record<Removed, string> = {
  REMOVED: 'it is nobody’s any longer, and what was open with it is closed; its next sign-in makes another person',
  NOT_FOUND: 'nobody has this login',
  WAY_KEPT: 'it stays',
  LAST_WAY: 'it is the person’s only way to sign in: --even-the-last leaves them none',
};

/**
 * `identity link`, `unlink` and `show`
 * @returns 0: done, 1: there was nothing to do, or it may not be
 * @throws UsageError before anything happens; ConfigError where settings are wrong
 */
export async function linkCommand(
  what: 'link' | 'unlink' | 'show',
  argv: string[],
  terminal: Terminal,
): Promise<number> {
  const values = options(argv);
  check(what, values);
  const dataSource = await openDatabase(terminal.env);
  try {
    if (what === 'show')
      return (await showPeople(dataSource, await sought(dataSource, values, terminal), terminal.print)) ? 0 : 1;
    const audit = new Audit(dataSource);
    const links = new IdentityLinks(dataSource, audit, new Authorisations(dataSource, audit));
    const login = await loginIn(dataSource, values, terminal);
    return what === 'link'
      ? await link(dataSource, links, login, values, terminal)
      : await unlink(dataSource, links, login, values, terminal);
  } finally {
    await dataSource.destroy();
  }
}

function options(argv: string[]) {
  const text = { type: 'string' } as const;
  const known = { person: text, provider: text, issuer: text, subject: text, search: text, file: text } as const;
  try {
    return parseArgs({ args: argv, options: { ...known, 'even-the-last': { type: 'boolean' } } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function check(what: string, { person, provider, issuer, subject, search }: Values): void {
  if (person !== undefined && !z.uuid().safeParse(person).success)
    throw new UsageError('--person is the id that show tells: identity show --search TEXT');
  if (what === 'link' && person === undefined) throw new UsageError('--person: whose is the login to be?');
  if (provider !== undefined && issuer !== undefined) throw new UsageError('one of --provider and --issuer');
  const named = provider !== undefined || issuer !== undefined;
  if (named !== (subject !== undefined))
    throw new UsageError('a login is --provider ID (or --issuer URL) and --subject ID');
  if (what !== 'show' && !named) throw new UsageError('which login? --provider ID --subject ID');
  if (subject?.trim() === '') throw new UsageError('--subject is empty');
  const ways = [person !== undefined, named, search !== undefined].filter(Boolean).length;
  if (what === 'show' && ways !== 1) throw new UsageError('show: one of --person, --search, or a login');
}

interface Login {
  issuer: string;
  subject: string;
  provider: string | null;
}

async function loginIn(dataSource: DataSource, values: Values, terminal: Terminal): Promise<Login> {
  const { provider = null, subject = '' } = values;
  return {
    provider,
    subject,
    issuer: values.issuer ?? (await issuerOf(dataSource, provider ?? '', values.file, terminal)),
  };
}

async function sought(dataSource: DataSource, values: Values, terminal: Terminal) {
  if (values.search !== undefined) return { search: values.search };
  if (values.person !== undefined) return { person: values.person };
  const { issuer, subject } = await loginIn(dataSource, values, terminal);
  return { issuer, subject };
}

async function link(
  dataSource: DataSource,
  links: IdentityLinks,
  login: Login,
  { person = '' }: Values,
  { print }: Terminal,
) {
  if (!(await dataSource.manager.existsBy(UserAccountEntity, { id: person })))
    return (print('there is no such person'), 1);
  const named = { ...login, name: null, groups: [], proven: false };
  const outcome = await links.add(person, named, { linkedBy: 'administrator', actorId: null });
  print(`${login.subject} of ${login.issuer}: ${LINKED[outcome]}`);
  return outcome === 'LINKED' ? 0 : 1;
}

async function unlink(dataSource: DataSource, links: IdentityLinks, login: Login, values: Values, { print }: Terminal) {
  const { issuer, subject } = login;
  const known = await dataSource.manager.findOneBy(IdentityEntity, { issuer, subject });
  const theirs = known && (values.person === undefined || values.person === known.userId);
  const outcome = theirs ? await links.remove(known.userId, known.id, null, values['even-the-last']) : 'NOT_FOUND';
  print(`${subject} of ${issuer}: ${REMOVED[outcome]}`);
  return outcome === 'REMOVED' ? 0 : 1;
}
