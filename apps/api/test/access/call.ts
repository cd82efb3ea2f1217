import type { Answer } from '../app/browser';
import type { Caller } from './callers';
import type { AccessHouse, Fingerprint } from './house';
import type { RouteRequest, Row, RowContext } from './row';

export interface Called {
  answer: Answer;
  /** As the table has it: status, and the code of a refusal. */
  said: string;
  /** What is not as it was before: names of tables and of what lies beside them. */
  changed: string[];
}

export interface CallOptions {
  /** In place of what the row says. */
  params?: Record<string, string>;
  headers?: Record<string, string>;
}

const SAFE = ['GET', 'HEAD'];

/** Sends one row's request as one caller, from the known state, and leaves that state behind. */
export async function call(house: AccessHouse, row: Row, caller: Caller, options: CallOptions = {}): Promise<Called> {
  await house.hostSpeaks();
  const browser = house.browser(caller);
  const request = (await row.request?.({ house, caller, browser })) ?? {};
  const [method, path] = row.route.split(' ');
  const url = filled(path, { ...request.params, ...options.params }) + (request.query ?? '');
  const csrf = { Origin: house.desktops.api.url, 'X-CSRF-Token': house.people[caller].csrfToken };
  const headers = { ...(SAFE.includes(method) ? {} : csrf), ...request.headers, ...options.headers };
  const before = await house.fingerprint();
  const answer = await browser.request(method, url, request.body, headers);
  const after = await house.fingerprint();
  const changed = differing(before, after);
  if (differing(house.known, after).length > 0) await house.restore();
  const code = answer.status >= 400 ? (answer.body as { code?: string } | null)?.code : undefined;
  return { answer, said: [answer.status, code].filter((part) => part !== undefined).join(' '), changed };
}

/** The same path with ids of nothing at all. */
export function madeUp({ params = {} }: RouteRequest): Record<string, string> {
  const another = (value: string) =>
    /^[0-9a-f]{8}-/.test(value) ? `00000000-0000-4000-8000-${value.slice(-12)}` : `${value}-nothing`;
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, another(value)]));
}

export async function requestOf(house: AccessHouse, row: Row, caller: Caller): Promise<RouteRequest> {
  const context: RowContext = { house, caller, browser: house.browser(caller) };
  return (await row.request?.(context)) ?? {};
}

function filled(path: string, params: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path}: the row gives no ${name}`);
    return encodeURIComponent(value);
  });
}

function differing(before: Fingerprint, after: Fingerprint): string[] {
  return Object.keys(after).filter(
    (part) => before[part] !== after[part] || (part === 'told since' && after[part] !== ''),
  );
}
