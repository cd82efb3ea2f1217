import { randomUUID } from 'node:crypto';
import { GivenAnswer, SeenRequest, TestServer } from '../../http/testing/test-server';
import { datasetWhere, fits, Limits, paged, Row } from './mongo';
import { JobDesk } from './scicat-jobs';
import { Caller, listsDataset, listsProposal, ScicatUser, StoredDataset, StoredProposal } from './scicat-store';

interface Filter {
  where?: Row;
  fields?: string[];
  limits?: Limits;
}

/** SciCat as an adapter meets it: contract by contract, from scicat-backend-next 4.5. */
export class ScicatTestServer {
  readonly proposals: StoredProposal[] = [];
  readonly datasets: StoredDataset[] = [];
  readonly instruments: { pid: string; uniqueName: string; name: string }[] = [];
  readonly users: ScicatUser[] = [];
  readonly jobs = new JobDesk(this.datasets);
  /** Seconds a token lives, by the server's own clock. */
  ttl = 3600;
  /** What the server's clock is wrong by, in seconds. */
  clockSkew = 0;
  private readonly tokens = new Map<string, { user: ScicatUser; until: number }>();
  private seconds = 0;

  private constructor(readonly http: TestServer) {}

  static async start(): Promise<ScicatTestServer> {
    const box: { server?: ScicatTestServer } = {};
    const http = await TestServer.start((request) => box.server?.answer(request) ?? { status: 503, text: '' });
    return (box.server = new ScicatTestServer(http));
  }

  get url(): string {
    return this.http.url;
  }

  /** Time goes by; tokens end. */
  pass(seconds: number): void {
    this.seconds += seconds;
  }

  /** Started anew with another secret: no token is known any longer. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  /** A token as an administrator makes one for a service. */
  token(user: ScicatUser, ttl = this.ttl): string {
    const text = `eyJ${randomUUID()}`;
    this.tokens.set(text, { user, until: this.seconds + ttl });
    return text;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** A bad or expired token is no error: the request is anonymous. */
  private caller({ headers, url }: SeenRequest): Caller {
    const bearer = headers.authorization ?? url.searchParams.get('access_token') ?? '';
    const found = this.tokens.get(bearer.replace(/^Bearer /, ''));
    return found && this.seconds < found.until ? found.user : null;
  }

  private answer(request: SeenRequest): GivenAnswer {
    try {
      return this.route(request);
    } catch {
      return { status: 500, text: '"Internal server error"' };
    }
  }

  private route(request: SeenRequest): GivenAnswer {
    const { method, url, body } = request;
    const [, , api = '', ...rest] = url.pathname.split('/');
    const route = `${method} ${rest.slice(0, 2).join('/')}`;
    const caller = this.caller(request);
    if (rest[0] === 'jobs' && (api === 'v3' || api === 'v4')) {
      if (method === 'POST') return this.jobs.create(api, caller, body);
      return this.jobs.find(api, caller, decodeURIComponent(rest[1] ?? ''));
    }
    if (api !== 'v3') return notFound(url);
    if (route === 'POST auth/login' || route === 'POST auth/ldap') return this.login(body);
    if (route === 'POST auth/logout') return json(200, { logout: 'successful' });
    if (route === 'GET auth/whoami') return caller ? json(200, whoami(caller)) : { status: 200, text: '' };
    if (route === 'GET users/my') return self(caller);
    if (route === 'GET useridentities/findOne') return this.identity(caller, filterOf(url, 'filter').where);
    if (route === 'GET health') return json(200, { status: 'ok', info: { mongodb: { status: 'up' } } });
    if (route === 'GET instruments') return json(200, paged(this.instruments, filterOf(url, 'filter').limits));
    if (route === 'GET proposals') return json(200, this.listProposals(caller, filterOf(url, 'filters')));
    if (route === 'GET datasets') return json(200, this.listDatasets(caller, filterOf(url, 'filter')));
    // Answers with everybody's, whatever the proposal and whoever asks.
    if (/^GET proposals\/./.test(route) && rest[2] === 'datasets') return json(200, this.datasets);
    return notFound(url);
  }

  private login(body: string): GivenAnswer {
    const { username, password } = JSON.parse(body) as { username?: string; password?: string };
    const user = this.users.find((one) => one.username === username && one.password === password);
    if (!user) return json(401, { message: 'Unauthorized', statusCode: 401 });
    const token = this.token(user);
    const created = new Date(Date.now() + this.clockSkew * 1000).toISOString();
    const about = { username: user.username, email: user.email, authStrategy: 'local', _id: '1', __v: 0, id: '1' };
    return json(201, {
      access_token: token,
      id: token,
      expires_in: this.ttl,
      ttl: this.ttl,
      created,
      userId: '1',
      user: about,
    });
  }

  /** Who is no administrator finds nobody else. */
  private identity(caller: Caller, where: Row = {}): GivenAnswer {
    if (!caller) return self(null);
    const found = this.users
      .filter((user) => caller.admin || user === caller)
      .find((user) => fits({ 'profile.username': user.username }, where));
    if (!found) return json(404, { message: 'Not Found', statusCode: 404 });
    const profile = { username: found.username, email: found.email, accessGroups: found.groups };
    return json(200, { authStrategy: 'ldap', externalId: found.username, profile, userId: '1' });
  }

  private listProposals(caller: Caller, { where, limits }: Filter): object[] {
    const rows = this.proposals.filter((row) => listsProposal(caller, row) && fits({ ...row }, where));
    return paged(rows, limits).map((row) => ({ ...row, _id: row.proposalId, id: row.proposalId }));
  }

  private listDatasets(caller: Caller, { where, limits, fields }: Filter): object[] {
    const condition = datasetWhere(where);
    const rows = this.datasets.filter((row) => listsDataset(caller, row) && fits({ ...row }, condition));
    return paged(rows, limits).map((row) => {
      const full: Row = {
        ...row,
        proposalId: row.proposalIds[0] ?? undefined,
        sampleId: row.sampleIds[0] ?? undefined,
      };
      return fields ? Object.fromEntries(fields.map((field) => [field, full[field]])) : full;
    });
  }
}

function filterOf(url: URL, name: string): Filter {
  return JSON.parse(url.searchParams.get(name) ?? '{}') as Filter;
}

function whoami({ username, email, groups }: ScicatUser): object {
  return { _id: '1', username, email, currentGroups: groups, authStrategy: 'local' };
}

function self(caller: Caller): GivenAnswer {
  if (!caller) return json(401, { message: 'Unauthenticated', error: 'Unauthorized', statusCode: 401 });
  return json(200, { id: '1', username: caller.username, email: caller.email, authStrategy: 'local' });
}

function notFound(url: URL): GivenAnswer {
  return json(404, { message: `Cannot GET ${url.pathname}`, error: 'Not Found', statusCode: 404 });
}

function json(status: number, value: object): GivenAnswer {
  return { status, text: JSON.stringify(value) };
}
