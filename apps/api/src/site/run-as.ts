import type { CatalogueAccount } from '@beamdesk/catalogue';
import type { NamedRunAs, RunAs } from '@beamdesk/hypervisor';
import { ASK, DataRefused } from './data-refused';
import { named, type ProposalValues } from './data-rule';
import { expandPath } from './expand-path';
import type { RunAsRule } from './site-data';

/** What a name service can't take for a number, an option or another field. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_.@-]{0,127}$/;

/**
 * With whose rights a person's machine reads and writes. Names are only put together here: the host that runs the machine asks its own
 * name service for them, and refuses those that are not there.
 * @throws DataRefused DATA_NO_ACCOUNT, DATA_NAME
 */
export function runAsOf(rule: RunAsRule, account: CatalogueAccount, values: ProposalValues): RunAs | NamedRunAs | null {
  if (rule.rule === 'machine') return null;
  const groups = rule.groups.map((template) => groupOf(template, values));
  if (rule.rule === 'system') {
    if (PLAIN_NAME.test(account.name)) return { account: account.name, groups };
    throw noAccount(`'${account.name}' can be no account of the host`);
  }
  const ids = Object.hasOwn(rule.accounts, account.name) ? rule.accounts[account.name] : undefined;
  if (!ids) throw noAccount(`no ids for account '${account.name}' in data.runAs`);
  return groups.length > 0 ? { account: ids, groups } : ids;
}

function groupOf(template: string, values: ProposalValues): string {
  const name = named(() => expandPath(template, values));
  if (PLAIN_NAME.test(name)) return name;
  throw noAccount(`'${name}' can be no group of the host`);
}

function noAccount(detail: string): DataRefused {
  const message = `Your account has no rights on the facility's data store yet. ${ASK}`;
  return new DataRefused('DATA_NO_ACCOUNT', message, detail);
}
