import { generateKeyPairSync } from 'node:crypto';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import type { Configuration, Interaction, JWK, KoaContextWithOIDC } from 'oidc-provider';

/** The same over a restart of the provider within one spec file. */
const SIGNING_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

export interface FakeIdentity {
  sub: string;
  name: string;
  email?: string;
  email_verified?: boolean;
  /** What proxies of federations and Keycloak add. */
  voperson_id?: string;
  realm_access?: { roles: string[] };
}

export interface FakeProviderOptions {
  /** 0: any. */
  port?: number;
  /** Path it sends browsers back to. */
  callback?: string;
  /** Puts nothing but `sub` into the ID token, as OpenID Connect Core 1.0, 5.4 has it. */
  bareToken?: boolean;
}

/** A certified OIDC provider in this process; who signs in next is said by the test, not by a page. */
export class FakeProvider {
  /** Everybody it knows, by sub. */
  readonly people = new Map<string, FakeIdentity>();
  /** Answers the next sign-ins with this OAuth error instead. */
  refuse: string | null = null;
  /** How long ago whoever signs in next did so here, as it tells in `auth_time`. */
  secondsAgo = 0;
  /** Every token it gave out, for the search of answers and logs. */
  readonly tokens: string[] = [];

  private constructor(
    readonly issuer: string,
    private readonly port: number,
    private server: Server | null,
  ) {}

  /** @param portal origin of the only client */
  static async start(portal: string, clientSecret: string, options: FakeProviderOptions = {}): Promise<FakeProvider> {
    const { port = 0 } = options;
    const server = createServer();
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    const actual = (server.address() as AddressInfo).port;
    const fake = new FakeProvider(`http://localhost:${actual}`, actual, server);
    await fake.serve(portal, clientSecret, server, options);
    return fake;
  }

  private async serve(portal: string, clientSecret: string, server: Server, options: FakeProviderOptions): Promise<void> {
    const { default: ProviderClass } = await import('oidc-provider');
    // It warns of its in-memory storage, which is what a test wants.
    const { console: output } = globalThis;
    const { warn } = output;
    output.warn = () => undefined;
    const provider = new ProviderClass(this.issuer, configuration(this, portal, clientSecret, options));
    output.warn = warn;
    provider.on('grant.success', (ctx: KoaContextWithOIDC) => {
      const { id_token, access_token } = ctx.body as { id_token?: string; access_token?: string };
      this.tokens.push(...[id_token, access_token].filter((token): token is string => token !== undefined));
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
      const interaction = /^\/interaction\/[^/]+\/([^/?]+)$/.exec(request.url ?? '');
      if (!interaction?.[1]) return void answer(request, response);
      const result = this.refuse
        ? { error: this.refuse, error_description: 'the test says no' }
        : { login: { accountId: decodeURIComponent(interaction[1]), ts: Math.floor(Date.now() / 1000) - this.secondsAgo } };
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
  }

  /** Stops answering; `FakeProvider.start` on the same port is the provider after a restart. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise<void>((closed) => (server ? server.close(() => closed()) : closed()));
  }

  get listenPort(): number {
    return this.port;
  }
}

function configuration(
  fake: FakeProvider,
  portal: string,
  clientSecret: string,
  { callback = '/api/auth/callback', bareToken = false }: FakeProviderOptions,
): Configuration {
  return {
    clients: [
      {
        client_id: 'beamdesk',
        client_secret: clientSecret,
        redirect_uris: [`${portal}${callback}`],
        post_logout_redirect_uris: [`${portal}/`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...SIGNING_KEY, use: 'sig', alg: 'RS256', kid: 'test' } as JWK] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    cookies: { keys: ['test'], long: { signed: true }, short: { signed: true } },
    claims: { openid: ['sub'], profile: ['name', 'voperson_id', 'realm_access'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: bareToken,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_ctx, sub) => {
      const known = fake.people.get(sub);
      return known && { accountId: sub, claims: () => ({ ...known }) };
    },
    interactions: { url: (_ctx: KoaContextWithOIDC, interaction: Interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const { session, client } = ctx.oidc;
      const provider: Provider = ctx.oidc.provider;
      if (!client || !session?.accountId) return undefined;
      const known = session.grantIdFor(client.clientId);
      const existing = known ? await provider.Grant.find(known) : undefined;
      if (existing) return existing;
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  };
}
