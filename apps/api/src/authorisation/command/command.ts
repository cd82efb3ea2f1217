import { parseArgs } from 'node:util';
import { role as roleSchema, type Role } from '@beamdesk/contracts';
import { DataSource } from 'typeorm';
import { Audit } from '../../audit/audit';
import { IdentityEntity } from '../../auth/entities/identity.entity';
import { ConfigError, parseDatabaseUrl, readSecret, Secret } from '../../config';
import { dataSourceOptions } from '../../database/data-source-options';
import { ApiError } from '../../http/api-error';
import { Authorisations } from '../authorisations';
import { keepAnAdministrator } from '../role-terms';

export const HELP = `npm run authorise -- ROLE --issuer URL --subject ID [options]

  Grants a role to a person who has signed in once, or takes it back, in the database of DATABASE_URL and
  DATABASE_PASSWORD_FILE. This is how a site gets its first administrator; after that the pages do it.

  ROLE            USER, STAFF, SUPPORT or ADMIN
  --issuer URL    the provider, exactly as it names itself; of local accounts: as the audit shows it
  --subject ID    what the provider calls the person
  --until TIME    ISO 8601, in the future; without it until the role is taken back
  --beamlines A,B of STAFF: ids of beamlines; without it all of them
  --end           takes back what staff or this command granted, instead of granting

Ends with 0 when it is done, 1 when there is no such login or role, or nobody else would be an administrator, 2 when the command itself is wrong.
`;

class UsageError extends Error {}

interface Order {
  role: Role;
  issuer: string;
  subject: string;
  until: Date | null;
  beamlines: string[] | null;
  end: boolean;
}

/** `npm run authorise`: see HELP. @returns the exit code */
export async function authoriseCommand(
  argv: string[],
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<number> {
  try {
    if (argv.includes('--help') || argv.includes('-h')) return (print(HELP), 0);
    const order = orderIn(argv);
    const dataSource = await open(env);
    try {
      const done = await carryOut(dataSource, order);
      print(done ? `${order.role} ${order.end ? 'taken back' : 'granted'}` : nothingTo(order));
      return done ? 0 : 1;
    } finally {
      await dataSource.destroy();
    }
  } catch (error) {
    if (error instanceof UsageError) print(`${error.message}\n\n${HELP}`);
    else if (error instanceof ApiError) return (print(error.message), 1);
    else if (error instanceof ConfigError) print(error.message);
    else throw error;
    return 2;
  }
}

/** False: nobody has this login, or there is nothing to take back. */
function carryOut(dataSource: DataSource, { role, issuer, subject, until, beamlines, end }: Order): Promise<boolean> {
  const authorisations = new Authorisations(dataSource, new Audit(dataSource));
  return dataSource.transaction(async (manager) => {
    const identity = await manager.findOneBy(IdentityEntity, { issuer, subject });
    if (!identity) return false;
    const what = { userId: identity.userId, role, source: 'decision' as const };
    if (end && role === 'ADMIN') await keepAnAdministrator(manager, identity.userId, new Date());
    if (end) return authorisations.end(manager, what, null, 'taken back by the operators of the portal');
    const reason = 'granted on the command line';
    await authorisations.grant(manager, { ...what, actorId: null, by: 'command', reason, beamlines, until });
    return true;
  });
}

function orderIn(argv: string[]): Order {
  const { values, positionals } = options(argv);
  const role = roleSchema.safeParse(positionals[0]).data;
  if (!role || positionals.length > 1) throw new UsageError('which role? One of USER, STAFF, SUPPORT, ADMIN');
  const { issuer, subject, end = false } = values;
  if (!issuer || !subject) throw new UsageError('--issuer and --subject: whose role?');
  const until = values.until === undefined ? null : new Date(values.until);
  if (until && !(until.getTime() > Date.now())) throw new UsageError('--until must be a time in the future');
  const beamlines = values.beamlines?.split(',').filter(Boolean) ?? null;
  if (beamlines && (role !== 'STAFF' || beamlines.length === 0)) throw new UsageError('--beamlines A,B is of STAFF');
  return { role, issuer, subject, until, beamlines, end };
}

function options(argv: string[]) {
  const text = { type: 'string' } as const;
  const known = { issuer: text, subject: text, until: text, beamlines: text, end: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: argv, allowPositionals: true, options: known });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function nothingTo({ issuer, subject, end }: Order): string {
  const login = `'${subject}' of ${issuer}`;
  return end ? `there is nothing to take back from ${login}` : `nobody has signed in yet as ${login}`;
}

/** Does not migrate: that is the api's to do. */
async function open({ DATABASE_URL: url, DATABASE_PASSWORD_FILE: file }: NodeJS.ProcessEnv): Promise<DataSource> {
  if (!url) throw new ConfigError(['DATABASE_URL: is not set']);
  try {
    const password = file ? new Secret(readSecret(file)) : null;
    return await new DataSource(dataSourceOptions({ ...parseDatabaseUrl(url), password })).initialize();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`DATABASE_URL, DATABASE_PASSWORD_FILE: ${said}`]);
  }
}
