import { z } from 'zod';
import type { Claims } from '../sign-in/map-claims';
import { UsageError } from './usage';

const object = z.record(z.string(), z.unknown());
const tokenAnswer = z.looseObject({ id_token: z.string() });

/**
 * The claims of a JWT (its signature is not looked at), of the `id_token` of a token endpoint's answer, or of JSON claims.
 * @throws UsageError that repeats nothing of the text: a token is a secret
 */
export function claimsIn(text: string): { claims: Claims; form: string } {
  const trimmed = text.trim();
  const claims = object.safeParse(parsed(trimmed)).data;
  if (!claims) return { claims: payloadOf(trimmed), form: 'the token’s signature was not checked' };
  const answer = tokenAnswer.safeParse(claims).data;
  if (answer) return { claims: payloadOf(answer.id_token), form: 'the ID token’s signature was not checked' };
  return { claims, form: 'read as plain claims' };
}

/** RFC 7519, 3: three parts, the second of them the claims, base64url. */
function payloadOf(token: string): Claims {
  const parts = token.split('.');
  if (parts.length === 5) throw new UsageError('the token is encrypted: only the portal’s own key opens it');
  const payload = parts.length === 3 ? Buffer.from(parts[1] ?? '', 'base64url').toString('utf8') : '';
  const claims = object.safeParse(parsed(payload)).data;
  if (!claims) throw new UsageError('that is neither a token (JWT) nor claims as JSON');
  return claims;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
