import type { Entry } from 'ldapts';
import { anyFilter, type DirectorySettings } from '../../config';
import { accountEntry, identityOfEntry, textsOf, wantedAttributes } from './account-entry';
import { converse, type ServerCertificate, type Talk } from './conversation';
import { resultCode } from './directory-fault';
import { bindReader, readerName } from './directory-reader';

/** How a directory is, in sentences. */
export interface DirectoryCheck {
  notes: string[];
  faults: string[];
}

/** So many accounts are looked at. */
const ACCOUNTS = 25;
const SOON_MS = 14 * 86_400_000;

/**
 * Whether a directory can be asked as the settings say, and shows what they count on. @throws DirectoryFault where it
 * cannot be asked at all
 */
export function checkDirectory(settings: DirectorySettings): Promise<DirectoryCheck> {
  return converse(settings, async (talk, certificate) => {
    const check: DirectoryCheck = { notes: [], faults: [] };
    checkCertificate(certificate(), check);
    await bindReader(talk, settings);
    check.notes.push(`looked at by ${readerName(settings)}`);
    await checkAccounts(talk, settings, check);
    await checkGroups(talk, settings, check);
    return check;
  });
}

function checkCertificate(found: ServerCertificate, { notes, faults }: DirectoryCheck): void {
  if (!found) return void notes.push('no TLS');
  notes.push(`certificate of ${found.name}, good until ${found.validTo.toISOString()}`);
  if (found.validTo.getTime() < Date.now() + SOON_MS) faults.push('the certificate ends soon: nobody can sign in then');
}

async function checkAccounts(
  talk: Talk,
  settings: DirectorySettings,
  { notes, faults }: DirectoryCheck,
): Promise<void> {
  const { base, filter, subject } = settings.accounts;
  const found = await entries(talk, base, {
    filter: anyFilter(filter),
    attributes: wantedAttributes(settings),
    explicitBufferAttributes: [subject],
    sizeLimit: ACCOUNTS,
  });
  if (found === null) return void faults.push(`${base} is not there, or not shown to the reader`);
  if (found.length === 0)
    return void faults.push(`no account below ${base} fits ${anyFilter(filter)}, or none is shown to the reader`);
  const accounts = found.map((one) => accountEntry(one));
  const identities = accounts.flatMap((one) => identityOfEntry(one, settings, []) ?? []);
  const has = (what: string, n: number) => `${what} in ${n}`;
  const parts = [
    has(`the stable id ${subject}`, identities.length),
    has('a mail', identities.filter(({ email }) => email !== null).length),
    ...memberships(settings, accounts),
  ];
  notes.push(
    `${found.length === ACCOUNTS ? 'the first ' : ''}${found.length} account${found.length === 1 ? '' : 's'}: ${parts.join(', ')}`,
  );
  if (identities.length < found.length) faults.push(`accounts without one ${subject} cannot sign in`);
  if (new Set(identities.map((one) => one.subject)).size < identities.length)
    faults.push(`${subject} is the same for several accounts`);
}

function memberships({ groups }: DirectorySettings, accounts: ReturnType<typeof accountEntry>[]): string[] {
  if (groups?.source.kind !== 'attribute') return [];
  const { attribute } = groups.source;
  return [`${attribute} in ${accounts.filter((one) => textsOf(one, attribute).length > 0).length}`];
}

async function checkGroups(
  talk: Talk,
  { groups }: DirectorySettings,
  { notes, faults }: DirectoryCheck,
): Promise<void> {
  if (!groups) return;
  const { source, names } = groups;
  if (source.kind === 'search') {
    const found = await entries(talk, source.base, {
      filter: anyFilter(source.filter),
      attributes: ['1.1'],
      sizeLimit: 1,
    });
    if (!found?.length)
      faults.push(`no group below ${source.base} fits ${anyFilter(source.filter)}, or none is shown to the reader`);
  }
  const missing: string[] = [];
  for (const { dn } of names) {
    if (!(await entries(talk, dn, { scope: 'base', attributes: ['1.1'] }))?.length) missing.push(dn);
  }
  notes.push(`${names.length - missing.length} of the ${names.length} groups of the table are there`);
  for (const dn of missing) faults.push(`the group ${dn} is not there, or not shown to the reader`);
}

/** @returns null where there is no such base; noSuchObject (RFC 4511, 4.1.9) */
async function entries(talk: Talk, base: string, options: Parameters<Talk['search']>[1]): Promise<Entry[] | null> {
  try {
    return (await talk.search(base, options)).searchEntries;
  } catch (error) {
    if (resultCode(error) === 32) return null;
    throw error;
  }
}
