import { type Configuration, fetchUserInfo } from 'openid-client';
import type { ClaimMapping } from '../../config';
import { type Claims, isIncomplete, mapClaims } from './map-claims';
import type { Tokens } from './one-sign-in';
import { SignInError } from './sign-in-error';
import type { VerifiedIdentity } from './verified-identity';

/**
 * Who signed in: by the ID token, and by the userinfo endpoint where the token leaves out what the mapping asks for (OpenID
 * Connect Core 1.0, 5.4: with a code, profile and mail may come from there alone). What the token says counts before.
 * @throws SignInError where the provider tells no stable id; what openid-client finds wrong with the userinfo answer
 */
export async function identityOf(
  tokens: Tokens,
  configuration: Configuration,
  mapping: ClaimMapping,
): Promise<Omit<VerifiedIdentity, 'provider' | 'returnTo'>> {
  const signed = tokens.claims();
  if (!signed) throw new SignInError('SIGN_IN_FAILED', 'the provider sent no ID token');
  const asks = isIncomplete(signed, mapping) && configuration.serverMetadata().userinfo_endpoint !== undefined;
  // It refuses an answer about anybody else than the token's `sub`.
  const told: Claims = asks ? await fetchUserInfo(configuration, tokens.access_token, signed.sub) : {};
  const identity = mapClaims({ ...told, ...signed }, mapping);
  if (!identity) {
    throw new SignInError(
      'SIGN_IN_INCOMPLETE',
      `no usable stable id in the claim '${mapping.subject}' of ${signed.iss}`,
    );
  }
  return { issuer: signed.iss, ...identity };
}
