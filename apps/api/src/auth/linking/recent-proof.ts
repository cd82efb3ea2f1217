import { ApiError } from '../../http/api-error';

/** So long after proving who they are may somebody change how they sign in. */
const RECENT_MS = 10 * 60_000;

/** Until when a proof of that moment suffices; null: it does not. `provenAt`: ms since 1970, null where nobody knows. */
export function recentUntil(provenAt: number | null | undefined, now = Date.now()): Date | null {
  const until = (provenAt ?? 0) + RECENT_MS;
  return until > now ? new Date(until) : null;
}

/** @throws ApiError 403 SIGN_IN_NOT_RECENT: whoever sits at an open page is not always its person */
export function demandRecent(provenAt: number | null | undefined): void {
  if (recentUntil(provenAt) !== null) return;
  throw new ApiError(
    403,
    'SIGN_IN_NOT_RECENT',
    'Sign in again first: ways to sign in change only soon after a sign-in.',
  );
}
