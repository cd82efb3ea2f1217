/**
 * Everybody who calls every route, in the order of the columns of the table. Each differs from one who succeeds in as
 * little as possible, so that a refusal has one reason:
 * - `nobody`: has a page of ours open and is not signed in
 * - `unauthorised`: signed in, in the team, may control the desktop, was ADMIN, and all of it was taken back
 * - `unaccepted`: ADMIN, in the team, may control the desktop, and has accepted other conditions than today's
 * - `stranger`: USER in the team of another proposal
 * - `team`: USER in the team, has nothing to do with the desktop
 * - `owner`: USER in the team, whose desktop it is
 * - `user`, `guest`: in the team, members of the desktop as USER and GUEST
 * - `supporter`: has the role SUPPORT and is a member of the desktop as SUPPORT, not in the team
 * - `staff`, `otherStaff`: STAFF of the proposal's beamline, and of another one; not in the team
 * - `support`, `admin`: have that role, and neither team nor desktop
 */
export const CALLERS = [
  'nobody',
  'unauthorised',
  'unaccepted',
  'stranger',
  'team',
  'owner',
  'user',
  'guest',
  'supporter',
  'staff',
  'otherStaff',
  'support',
  'admin',
] as const;

export type Caller = (typeof CALLERS)[number];

export type PerCaller<T> = Record<Caller, T>;

/** One word for each caller, separated by spaces. */
export function perCaller(line: string): PerCaller<string> {
  const words = line.trim().split(/\s+/);
  if (words.length !== CALLERS.length) throw new Error(`${words.length} words for ${CALLERS.length} callers: ${line}`);
  return Object.fromEntries(CALLERS.map((caller, i) => [caller, words[i]])) as PerCaller<string>;
}

/** The short words of the table. */
const WORDS: Record<string, string> = {
  out: '401 NOT_SIGNED_IN',
  unk: '403 NOT_AUTHORISED',
  con: '403 CONDITIONS_NOT_ACCEPTED',
  no: '403 NOT_ALLOWED',
  404: '404 NOT_FOUND',
};

/** Status, and the code where it is a refusal: "200", "404 NOT_FOUND". */
export function expectedAnswer(word: string): string {
  return WORDS[word] ?? word.replace(':', ' ');
}
