import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const HELP = `npm run catalogue -- check --as SUBJECT [options]

Asks every catalogue of the site how it is, whom a login becomes there, and what that account sees. Changes nothing.

  --as SUBJECT       subject of the login, as its provider names it (the claim "sub")
  --issuer URL       only rules for this provider; without it a subject counts for any
  --login-groups A,B groups that the provider gives the login, for rules with groups: from-identity
  --account NAME     this account of the catalogue, whatever the rules say
  --groups A,B       its groups, for --account
  --only ID          only this catalogue
  --limit N          proposals listed, 1 to 100; 10 without it
  --login-file FILE  the fields of the person's own sign-in (YAML), where sessions are their own
  --file FILE        names the catalogues; CATALOGUES_FILE without it, else the demo's
  --site FILE        the site's description; SITE_FILE without it, else the demo's

Ends with 0 when all catalogues answered, 1 when one did not, 2 when the command itself is wrong.
`;

/** The command can't be understood. */
export class UsageError extends Error {}

export interface CheckOptions {
  subject: string | null;
  issuer: string | null;
  loginGroups: string[];
  account: { name: string; groups: string[] } | null;
  only: string | null;
  limit: number;
  loginFile: string | null;
  file: string;
  siteFile: string;
}

/** @returns null where help was asked for @throws UsageError */
export function readOptions(argv: string[], env: NodeJS.ProcessEnv, cwd: string): CheckOptions | null {
  const { values, positionals } = parsed(argv);
  if (values.help) return null;
  if (positionals.length !== 1 || positionals[0] !== 'check') throw new UsageError('the command is: check');
  if (values.as === undefined && values.account === undefined) throw new UsageError('--as SUBJECT is missing');
  if (values['login-groups'] !== undefined && values.as === undefined) throw new UsageError('--login-groups needs --as');
  if (values.groups !== undefined && values.account === undefined) throw new UsageError('--groups needs --account');
  const limit = Number(values.limit ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new UsageError('--limit must be 1 to 100');
  // Relative to where the command was typed, not to where npm went.
  const path = (text: string) => resolve(env['INIT_CWD'] || cwd, text);
  const given = (option: string | undefined, setting: string, fallback: string) =>
    option ? path(option) : env[setting] ? path(env[setting]) : resolve(cwd, fallback);
  const listed = (text = '') => text.split(',').filter(Boolean);
  return {
    subject: values.as ?? null,
    issuer: values.issuer ?? null,
    loginGroups: listed(values['login-groups']),
    account: values.account === undefined ? null : { name: values.account, groups: listed(values.groups) },
    only: values.only ?? null,
    limit,
    loginFile: values['login-file'] ? path(values['login-file']) : null,
    file: given(values.file, 'CATALOGUES_FILE', 'config/demo/catalogues.yaml'),
    siteFile: given(values.site, 'SITE_FILE', 'config/demo/site.yaml'),
  };
}

function parsed(argv: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        as: text,
        issuer: text,
        'login-groups': text,
        account: text,
        groups: text,
        only: text,
        limit: text,
        'login-file': text,
        file: text,
        site: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
