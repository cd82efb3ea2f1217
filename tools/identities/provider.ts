import Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { providerKeys } from './keys.ts';
import { contentSecurityPolicy, messagePage, signOutPage } from './pages.ts';
import { MOUNT } from './settings.ts';
import type { Settings } from './settings.ts';

const HOUR = 3600;
/** Seconds; the provider's own session ends with the working day. */
const TTL = { AccessToken: HOUR, AuthorizationCode: 60, Grant: 12 * HOUR, IdToken: HOUR, Interaction: HOUR, Session: 12 * HOUR };

/**
 * A certified OIDC provider with the demo people, one client, consent given by itself. What it remembers lies in memory: a
 * restart forgets who is signed in here, and nothing else.
 */
export function demoProvider(settings: Settings): Provider {
  const provider = new Provider(settings.issuer.href, configuration(settings));
  // Addresses are built from the headers that the server in front of this sets from PUBLIC_URL, see server.ts.
  provider.proxy = true;
  return provider;
}

function configuration({ portal, issuer, callback, label, clientId, clientSecret, keysFile, people }: Settings): Configuration {
  const { jwks, cookieKeys } = providerKeys(keysFile);
  const html = (ctx: KoaContextWithOIDC, body: string) => {
    ctx.type = 'html';
    ctx.set('Content-Security-Policy', contentSecurityPolicy({ portal, issuer }));
    ctx.body = body;
  };
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [new URL(callback, portal).href],
        post_logout_redirect_uris: [new URL('/', portal).href],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: jwks as Configuration['jwks'],
    cookies: { keys: cookieKeys, long: { path: MOUNT, sameSite: 'lax' }, short: { path: MOUNT, sameSite: 'lax' } },
    ttl: TTL,
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    interactions: { url: (_ctx, interaction) => `${MOUNT}/interaction/${interaction.uid}` },
    findAccount: (_ctx, subject) => {
      const person = people.find((one) => one.subject === subject);
      return (
        person && {
          accountId: subject,
          claims: () => {
            const { name, email, groups } = person;
            return { sub: subject, name, email, email_verified: true, ...(groups.length > 0 ? { groups } : {}) };
          },
        }
      );
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      // One grant per session: a code whose grant is no longer the session's is refused, and tabs sign in side by side.
      const known = session.grantIdFor(client.clientId);
      const existing = known ? await provider.Grant.find(known) : undefined;
      if (existing) return existing;
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => html(ctx, signOutPage(label, form)),
        postLogoutSuccessSource: (ctx) => html(ctx, messagePage(label, 'Signed out', 'You are signed out.', portal)),
      },
    },
    renderError: (ctx, out) =>
      html(ctx, messagePage(label, 'That did not work', `Start again from the portal. (${out.error_description ?? out.error})`, portal)),
  };
}
