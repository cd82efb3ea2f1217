import { z } from 'zod';
import { CatalogueErrorReason, CatalogueUnavailable } from '../errors';

export const MESSAGES: Record<CatalogueErrorReason, string> = {
  unreachable: 'The catalogue does not answer at the moment. Try again in a few minutes.',
  timeout: 'The catalogue takes too long to answer. Try again in a few minutes.',
  credentials: 'The portal is not let into the catalogue at the moment. Tell the user office if it lasts.',
  malformed: "The catalogue gave an answer that can't be read. Tell the user office if it lasts.",
  refused: 'The catalogue refused the request. Tell the user office if it lasts.',
  'sign-in': 'Sign in to the catalogue first: it answers with your own account there.',
  failed: 'The catalogue reports a fault of its own. Try again in a few minutes.',
};

export function unavailable(reason: CatalogueErrorReason, detail: string): CatalogueUnavailable {
  return new CatalogueUnavailable(MESSAGES[reason], reason, detail);
}

const DETAIL_MAX = 300;

/** Text of somebody else's making, fit for one line of a log: secrets and control characters taken out, cut to length. */
export function logText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[secret]');
  clean = clean.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return clean.length > DETAIL_MAX ? `${clean.slice(0, DETAIL_MAX)}…` : clean;
}

/** @throws CatalogueUnavailable malformed */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unavailable('malformed', `${what}: not JSON: ${logText(text.slice(0, 80))}`);
  }
}

/** Values of the answer are never repeated in the detail. @throws CatalogueUnavailable malformed */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw unavailable('malformed', `${what}: ${logText(faults.join('; '))}`);
}
