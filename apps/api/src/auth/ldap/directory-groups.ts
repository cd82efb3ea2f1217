import { type DirectorySettings, dnKey, filledFilter } from '../../config';
import { type AccountEntry, textsOf } from './account-entry';
import type { Talk } from './conversation';

/** In which groups of a directory an account is. */
export interface DirectoryGroups {
  /** By our names, those of the table alone. */
  named: string[];
  /** Distinguished names that the table leaves out. */
  others: string[];
}

const NONE: DirectoryGroups = { named: [], others: [] };

/** Asks as whoever the connection is bound to. @throws what ldapts says of an answer that is not success */
export async function groupsOfAccount(
  talk: Talk,
  settings: DirectorySettings,
  account: AccountEntry,
): Promise<DirectoryGroups> {
  if (settings.groups === null) return NONE;
  const names = new Map(settings.groups.names.map(({ dn, name }) => [dnKey(dn), name]));
  const found: DirectoryGroups = { named: [], others: [] };
  for (const dn of new Set(await groupNames(talk, settings, account))) {
    const name = names.get(dnKey(dn));
    if (name === undefined) found.others.push(dn);
    else if (!found.named.includes(name)) found.named.push(name);
  }
  return { named: found.named.sort(), others: found.others.sort() };
}

async function groupNames(
  talk: Talk,
  { groups, timeoutMs }: DirectorySettings,
  account: AccountEntry,
): Promise<string[]> {
  const source = groups?.source;
  if (!source) return [];
  if (source.kind === 'attribute') return textsOf(account, source.attribute);
  const value = source.by === 'dn' ? account.dn : textsOf(account, source.by)[0];
  if (value === undefined) return [];
  const { searchEntries } = await talk.search(source.base, {
    filter: filledFilter(source.filter, value),
    attributes: ['1.1'],
    // In pages: servers that hand out so many entries at once hand out the rest as well.
    paged: { pageSize: 200 },
    timeLimit: Math.ceil(timeoutMs / 1000),
  });
  return searchEntries.map(({ dn }) => dn);
}
