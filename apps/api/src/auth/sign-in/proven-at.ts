/**
 * How fresh the proof of who somebody is has to be.
 * - `any`: the provider may take its word of long ago
 * - `recent`: of the last minutes; the provider asks again otherwise
 * - `now`: the provider asks, whoever is signed in there in this browser
 */
export type Freshness = 'any' | 'recent' | 'now';

const RECENT_SECONDS = 300;
/** Asks nobody again, but makes the provider tell when it asked last. */
const LONG_AGO_SECONDS = 30 * 86_400;

/**
 * Parameters of the authorization request (OpenID Connect Core 1.0, 3.1.2.1). With `max_age` a provider has to tell `auth_time`;
 * one that does not know that claim is not asked for it, since the sign-in would fail.
 * @param told `claims_supported` of the provider
 */
export function questionsFor(freshness: Freshness, told: readonly string[] | undefined): Record<string, string> {
  const tells = told?.includes('auth_time') ?? false;
  switch (freshness) {
    case 'any':
      return tells ? { max_age: String(LONG_AGO_SECONDS) } : {};
    case 'recent':
      return tells ? { max_age: String(RECENT_SECONDS) } : { prompt: 'login' };
    case 'now':
      return tells ? { prompt: 'login', max_age: String(RECENT_SECONDS) } : { prompt: 'login' };
  }
}

/**
 * When somebody proved who they are, ms since 1970. A provider that tells is believed, and the browser's address cannot leave
 * the question out: null then. Of one that cannot tell, now.
 */
export function provenAt(authTime: unknown, told: readonly string[] | undefined, now = Date.now()): number | null {
  if (typeof authTime === 'number' && Number.isFinite(authTime)) return Math.min(authTime * 1000, now);
  return told?.includes('auth_time') ? null : now;
}
