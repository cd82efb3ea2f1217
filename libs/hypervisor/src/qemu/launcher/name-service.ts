import { NamedRunAs, RunAs } from '../../machine';
import { plainName } from '../plain-name';
import { run } from './confined';
import { refused } from './refusals';

export type NameTable = 'passwd' | 'group' | 'initgroups';

/** One line of a table, or null where it has none by this name. @throws MachineRefused it can't be asked */
export type NameService = (table: NameTable, name: string) => Promise<string | null>;

/** getent(1): the key was not found. */
const NOT_FOUND = 2;
const ASK_MS = 10_000;

/** This host's name service (nsswitch.conf): files, LDAP, SSSD, whatever it is. */
export const systemNames: NameService = async (table, name) => {
  const { code, stdout, stderr } = await run(['getent', table, name], ASK_MS);
  if (code === NOT_FOUND) return null;
  if (code !== 0) throw refused('start-failed', `getent ${table} ${name}: ${stderr.trim() || `ended with ${code}`}`);
  return stdout.split('\n')[0]?.trim() || null;
};

/** Those below belong to the system, 65534 to nobody. */
const FIRST_ID = 1000;
const NOBODY = 65_534;
const LAST_ID = 2_147_483_647;
const MOST_GROUPS = 64;

/**
 * Turns names into ids, as this host knows them. A named account must be in each group that is named; where none is named, it gets all of its
 * own but the system's. Ids that are given get the named groups besides.
 * @throws MachineRefused data-no-account: no such account or group, or one of the system's
 */
export async function lookUp({ account, groups }: NamedRunAs, names: NameService = systemNames): Promise<RunAs> {
  const named = await Promise.all(groups.map((name) => gidOf(name, names)));
  if (typeof account !== 'string') return { ...account, groups: unique([...account.groups, ...named]) };
  const [user, own] = await Promise.all([userOf(account, names), groupsOf(account, names)]);
  const lacking = groups.filter((_, at) => named[at] !== user.gid && !own.includes(named[at] ?? NaN));
  if (lacking.length > 0) throw noAccount(`account '${account}' is not in group ${lacking.join(', ')}`);
  const given = groups.length > 0 ? named : own.filter(isPersons);
  if (given.length > MOST_GROUPS) {
    throw noAccount(`account '${account}' is in ${given.length} groups, more than ${MOST_GROUPS}: name the ones that count in data.runAs.groups`);
  }
  return { ...user, groups: unique(given) };
}

async function userOf(account: string, names: NameService): Promise<Pick<RunAs, 'uid' | 'gid'>> {
  const [name, , uid, gid] = await entry('passwd', account, names);
  if (name !== account) throw noAccount(`account '${account}' is '${name}' to the name service`);
  return { uid: personsId(uid, `uid of '${account}'`), gid: personsId(gid, `gid of '${account}'`) };
}

async function gidOf(group: string, names: NameService): Promise<number> {
  const [name, , gid] = await entry('group', group, names);
  if (name !== group) throw noAccount(`group '${group}' is '${name}' to the name service`);
  return personsId(gid, `gid of group '${group}'`);
}

async function entry(table: 'passwd' | 'group', name: string, names: NameService): Promise<string[]> {
  if (!plainName.test(name)) throw noAccount(`'${name}' is no name for the table ${table}`);
  const line = await names(table, name);
  if (line === null) throw noAccount(`the name service has no '${name}' in ${table}`);
  return line.split(':');
}

/** "ada 5001 6001": gids after the name (getent(1), initgroups). */
async function groupsOf(account: string, names: NameService): Promise<number[]> {
  const line = plainName.test(account) ? await names('initgroups', account) : null;
  return (line ?? '').split(/\s+/).slice(1).filter((word) => /^\d+$/.test(word)).map(Number);
}

function personsId(text: string | undefined, what: string): number {
  const id = /^\d{1,10}$/.test(text ?? '') ? Number(text) : NaN;
  if (isPersons(id)) return id;
  throw noAccount(`${what} is ${text}, which is none of a person's`);
}

const isPersons = (id: number) => id >= FIRST_ID && id <= LAST_ID && id !== NOBODY;
const unique = (ids: number[]) => [...new Set(ids)];
const noAccount = (detail: string) => refused('data-no-account', detail);
