import {
  type Catalogue,
  type CatalogueAccount,
  type CatalogueErrorReason,
  CatalogueUnavailable,
  type Proposal,
} from '@beamdesk/catalogue';
import { accountOf } from '../catalogues/account-rules';
import type { CatalogueEntry } from '../catalogues/catalogues-schema';
import type { CheckOptions } from './options';

/** Datasets looked at for one line; more are counted as "more than". */
const DATASETS = 100;

export interface Becomes {
  account: CatalogueAccount | null;
  /** In words. */
  how: string;
}

/** Whom the login becomes by the rules of a catalogue. */
export function whoIs(entry: CatalogueEntry, { subject, issuer, loginGroups, account }: CheckOptions): Becomes {
  if (account) return { account: { catalogue: entry.id, ...account }, how: 'asked for as' };
  const who = subject ?? '';
  for (const rule of entry.accounts) {
    if (issuer !== null && rule.issuer !== issuer) continue;
    const found = accountOf(entry.id, [rule], { issuer: rule.issuer, subject: who, groups: loginGroups });
    if (found) return { account: found, how: `'${who}' of ${rule.issuer} becomes` };
  }
  const at = issuer === null ? '' : ` of ${issuer}`;
  const rules = entry.accounts.length;
  return { account: null, how: `'${who}'${at} becomes nobody: ${rules === 0 ? 'there are no rules' : 'no rule fits'}` };
}

/** How one catalogue is and what the account sees there, as lines. @returns whether it answered */
export async function checkOne(
  catalogue: Catalogue,
  entry: CatalogueEntry,
  options: CheckOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const { product, version, error, notes } = await catalogue.check();
  print(`${entry.id}: ${product}${version === null ? '' : ` ${version}`}${'url' in entry ? ` at ${entry.url}` : ''}`);
  for (const note of notes) print(`  ${note}`);
  if (error) return told(error, print);
  const { account, how } = whoIs(entry, options);
  if (!account) return print(`  ${how}`) ?? true;
  print(
    `  ${how} account '${account.name}'${account.groups.length > 0 ? `, groups ${account.groups.join(', ')}` : ''}`,
  );
  if (asksEach(entry) && options.loginFile === null) {
    print(`  what '${account.name}' sees is shown with their own sign-in there: --login-file FILE`);
    return true;
  }
  try {
    const total = await list(catalogue, account, options.limit, print);
    if (total === 0) print(`    ${NOBODY[entry.kind]}`);
    return true;
  } catch (fault) {
    if (fault instanceof CatalogueUnavailable) return told(fault, print);
    throw fault;
  }
}

async function list(
  catalogue: Catalogue,
  account: CatalogueAccount,
  limit: number,
  print: (line: string) => void,
): Promise<number> {
  const { items, total } = await catalogue.search(account, { text: '', sort: 'recent', offset: 0, limit });
  print(
    `  sees ${total === 1 ? '1 proposal' : `${total} proposals`}${total > items.length ? `; the latest ${items.length}:` : ''}`,
  );
  for (const proposal of items) {
    const beamlines = [...new Set(proposal.visits.map(({ beamline }) => beamline.id || beamline.name))];
    const { roles = [] } = proposal.team.find((member) => member.account === account.name) ?? {};
    const parts = [proposal.name, cut(proposal.title), beamlines.join(', '), roles.join(', ')];
    print(`    ${[...parts, await datasetsOf(catalogue, account, proposal)].filter(Boolean).join(' | ')}`);
  }
  return total;
}

async function datasetsOf(catalogue: Catalogue, account: CatalogueAccount, { key }: Proposal): Promise<string> {
  const { items, more } = await catalogue.datasets(account, key, { offset: 0, limit: DATASETS });
  const elsewhere = Object.entries(Object.groupBy(items, ({ availability }) => availability))
    .filter(([availability]) => availability !== 'online')
    .map(([availability, those]) => `, ${those?.length} ${availability}`);
  return `${more ? 'more than ' : ''}${items.length} dataset${items.length === 1 ? '' : 's'}${elsewhere.join('')}`;
}

/** What to look at, for whoever sets it up. */
const HINTS: Partial<Record<CatalogueErrorReason, string>> = {
  credentials: 'our own account there: look at credentialsFile, and at the authenticator (ICAT: plugin, SciCat: login)',
  unreachable: 'nothing answers there: look at url, at the network between, and at NODE_EXTRA_CA_CERTS for an authority of your own',
  timeout: 'it answers too late: look at the server, or allow more by timeoutSeconds',
  malformed: 'something else answers there: look at url',
};

function told({ reason, detail }: CatalogueUnavailable, print: (line: string) => void): false {
  print(`  NOT WELL: ${reason}: ${detail}`);
  const hint = HINTS[reason];
  if (hint !== undefined) print(`    ${hint}`);
  return false;
}

/** What a newcomer gets wrong most often. */
const NOBODY: Record<CatalogueEntry['kind'], string> = {
  icat: "if that is wrong: the account's name must be User.name in ICAT, as a rule mechanism/name, and in a team there (membership)",
  scicat: 'if that is wrong: membership goes by groups; give them by groups: scicat, or by groups in the account rule',
  file: 'if that is wrong: the account must be in the team of a proposal of the file',
};

function asksEach(entry: CatalogueEntry): boolean {
  return entry.kind === 'icat' && entry.session === 'own';
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
