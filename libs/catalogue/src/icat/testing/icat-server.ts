import { z } from 'zod';
import { GivenAnswer, SeenRequest, TestServer } from '../../http/testing/test-server';
import { EntityNode, EntityStore } from './entities';
import { IcatError } from './icat-errors';
import { SessionStore } from './icat-sessions-store';
import { IdsTwin } from './ids-twin';
import { entityJson, icatDate } from './include';
import { JpqlError } from './jpql-tokens';
import { runJpql, RunOptions } from './jpql-run';

const login = z.object({ plugin: z.string(), credentials: z.array(z.record(z.string(), z.string())) });

/** ICAT and its data server, as an adapter meets them: contract by contract, from icat.server 6.2 and ids.server. */
export class IcatTestServer {
  readonly store = new EntityStore();
  readonly sessions = new SessionStore(120);
  readonly ids = new IdsTwin(this.sessions);
  /** Null: a server too old for the route. */
  version: string | null = '6.2.1';
  maxEntities = 10_000;
  /** Of the server's Java. */
  zoneMinutes = 0;
  collation: RunOptions['collation'] = 'exact';
  /** Types the caller has no rule for. */
  readonly hidden = new Set<string>();
  /** Entities that rules keep from a caller. */
  hides: (user: string, node: EntityNode) => boolean = () => false;
  /** Passwords of db, tokens of oidc: what makes whom. */
  readonly passwords = new Map<string, string>();
  readonly tokens = new Map<string, string>();
  brokenPlugins = new Set<string>();

  private constructor(readonly http: TestServer) {}

  /** @param port 0: any free one */
  static async start(port = 0): Promise<IcatTestServer> {
    const box: { server?: IcatTestServer } = {};
    const http = await TestServer.start((request) => box.server?.answer(request) ?? { status: 503, text: '' }, port);
    return (box.server = new IcatTestServer(http));
  }

  get url(): string {
    return `${this.http.url}/icat`;
  }

  get idsUrl(): string {
    return `${this.http.url}/ids`;
  }

  /** A fake of the queries of one request. */
  get queries(): string[] {
    return this.http.asked(/\/entityManager$/).map(({ url }) => url.searchParams.get('query') ?? '');
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private answer(request: SeenRequest): GivenAnswer {
    if (request.url.pathname.startsWith('/ids/')) return this.ids.answer(request);
    try {
      return this.route(request);
    } catch (error) {
      if (error instanceof IcatError) return error.answer;
      if (error instanceof JpqlError) return new IcatError('BAD_PARAMETER', error.message).answer;
      return new IcatError('INTERNAL', String(error)).answer;
    }
  }

  private route({ method, url, body }: SeenRequest): GivenAnswer {
    const path = url.pathname.replace('/icat/', '');
    const session = /^session\/(.+)$/.exec(path)?.[1];
    if (method === 'GET' && path === 'version' && this.version) return ok({ version: this.version });
    if (method === 'GET' && path === 'properties' && this.version) return ok(this.properties());
    if (method === 'POST' && path === 'session')
      return ok({ sessionId: this.login(new URLSearchParams(body).get('json')) });
    if (session && method === 'GET') {
      const { user, remainingMinutes } = this.sessions.get(session);
      return ok({ userName: user, remainingMinutes });
    }
    if (session && method === 'PUT') return nothing(() => this.sessions.refresh(session));
    if (session && method === 'DELETE') return nothing(() => this.sessions.end(session));
    if (method === 'GET' && path === 'entityManager') return ok(this.query(url.searchParams));
    throw new IcatError('NOT_IMPLEMENTED', `${method} ${path}`);
  }

  private properties(): object {
    const keys = [{ name: 'username' }, { name: 'password', hide: true }];
    return {
      maxEntities: this.maxEntities,
      lifetimeMinutes: this.sessions.lifetimeMinutes,
      authenticators: [
        { mnemonic: 'db', keys },
        { mnemonic: 'oidc', keys: [{ name: 'token', hide: true }], friendly: 'Facility login' },
        { mnemonic: 'anon', keys: [] },
      ],
      containerType: 'Glassfish',
    };
  }

  private login(json: string | null): string {
    const { plugin, credentials } = login.parse(JSON.parse(json ?? ''));
    const given = Object.assign({}, ...credentials) as Record<string, string>;
    if (this.brokenPlugins.has(plugin))
      throw new IcatError('INTERNAL', `No authenticator of type ${plugin} is working`);
    if (plugin === 'anon') return this.sessions.open('anon/anon');
    const { username = '', password = '', token = '' } = given;
    if (plugin === 'db' && this.passwords.get(username) === password) return this.sessions.open(username);
    const user = plugin === 'oidc' ? this.tokens.get(token) : undefined;
    if (user) return this.sessions.open(user);
    throw new IcatError('SESSION', `The username and password do not match (${plugin})`);
  }

  private query(params: URLSearchParams): unknown[] {
    const { user } = this.sessions.get(params.get('sessionId') ?? '');
    const unknown = new Set(Number.parseInt(this.version ?? '4', 10) >= 5 ? [] : ['datasetTechniques']);
    const readable = (node: EntityNode) => !this.hidden.has(node.type) && !this.hides(user, node);
    const found = runJpql(this.store, params.get('query') ?? '', {
      user,
      collation: this.collation,
      unknown,
      readable,
    });
    if ('tuples' in found) {
      if (found.tuples.length <= this.maxEntities) return found.tuples;
      throw new IcatError('VALIDATION', `attempt to process more than ${this.maxEntities} entities`);
    }
    let count = 0;
    const writer = {
      readable,
      date: (date: Date) => icatDate(date, this.zoneMinutes),
      count: () => {
        if (++count <= this.maxEntities) return;
        throw new IcatError('VALIDATION', `attempt to return more than ${this.maxEntities} entities`);
      },
    };
    return found.nodes.map((node) => ({ [node.type]: entityJson(node, found.include, writer) }));
  }
}

function ok(value: unknown): GivenAnswer {
  return { status: 200, text: JSON.stringify(value) };
}

function nothing(act: () => void): GivenAnswer {
  act();
  return { status: 204, text: '' };
}
