import { z } from 'zod';
import { CatalogueUnavailable } from '../errors';
import { CatalogueHttp } from '../http/catalogue-http';
import { parseAs, parseJson, unavailable } from '../http/unavailable';
import { faultOf, ScicatFault } from './scicat-fault';
import { ScicatLogin } from './scicat-settings';

const granted = z.object({ access_token: z.string().min(1), ttl: z.number().positive(), created: z.string() });
const self = z.looseObject({ username: z.string().optional() });

/** A token is renewed after this part of its life. */
const USED_FOR = 0.8;
/** How long a token that was found good is believed while answers hold something. */
const BELIEVED_MS = 5_000;
/** After a refused sign-in nothing is tried for this long. */
const REFUSED_MS = 30_000;

interface Token {
  text: string;
  until: number;
  goodAt: number;
}

/** What came back, and whether somebody without a token would get the same. */
export interface Answered<T> {
  value: T;
  doubtful: boolean;
}

/**
 * Our token at SciCat. A bad or expired one is no error there: the request runs as anonymous and the answer looks like an empty
 * list, a shorter one, or 403. So nothing doubtful is believed before `/users/my/self` knows us, and after a few seconds nothing
 * else either.
 */
export class ScicatSession {
  private held: Token | null = null;
  private opening: Promise<Token> | null = null;
  private refused: { until: number; error: CatalogueUnavailable } | null = null;

  constructor(
    private readonly http: CatalogueHttp,
    private readonly login: ScicatLogin,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws CatalogueUnavailable credentials where a token isn't known even right after signing in */
  async use<T>(work: (token: string) => Promise<Answered<T>>): Promise<T> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const token = await this.current();
      const outcome = await settled(work(token.text));
      const believed = !outcome.doubtful && this.now() < token.goodAt + BELIEVED_MS;
      if (believed || (await this.isGood(token))) {
        if (outcome.error) throw outcome.error;
        return outcome.value as T;
      }
      if (this.held === token) this.held = null;
    }
    throw unavailable('credentials', 'GET users/my/self does not know our token');
  }

  /** Who we are there; null where it does not say. */
  async userName(): Promise<string | null> {
    return this.use(async (token) => {
      const self = await this.self(token);
      return { value: self?.username ?? null, doubtful: self === null };
    });
  }

  /** Before what must not happen twice: afterwards our token is known to be good. */
  async confirm(): Promise<void> {
    await this.userName();
  }

  close(): void {
    this.held = null;
  }

  private async isGood(token: Token): Promise<boolean> {
    if ((await this.self(token.text)) === null) return false;
    token.goodAt = this.now();
    return true;
  }

  /** Null: anonymous. */
  private async self(token: string): Promise<{ username?: string | undefined } | null> {
    const request = { path: 'api/v3/users/my/self', bearer: token };
    const answer = await this.http.send(request);
    if (answer.status === 401) return null;
    if (answer.status !== 200) throw faultOf(answer, this.http.name(request), [token]);
    return answer.text === '' ? null : parseAs(self, parseJson(answer.text, this.http.name(request)), 'users/my/self');
  }

  private current(): Promise<Token> {
    if (this.held && this.now() < this.held.until) return Promise.resolve(this.held);
    this.opening ??= this.open().finally(() => (this.opening = null));
    return this.opening;
  }

  private async open(): Promise<Token> {
    if (this.login.kind === 'token') {
      return (this.held = { text: this.login.token, until: Number.MAX_SAFE_INTEGER, goodAt: 0 });
    }
    if (this.refused && this.now() < this.refused.until) throw this.refused.error;
    const { route, username, password } = this.login;
    const request = { method: 'POST', path: `api/v3/${route}`, json: { username, password } } as const;
    // By our own clock, from before the question: theirs may be wrong.
    const asked = this.now();
    const answer = await this.http.send(request);
    if (answer.status !== 201 && answer.status !== 200) {
      const error = faultOf(answer, this.http.name(request), [password]);
      if (error.reason === 'credentials') this.refused = { until: this.now() + REFUSED_MS, error };
      throw error;
    }
    const { access_token, ttl } = parseAs(granted, parseJson(answer.text, this.http.name(request)), route);
    return (this.held = { text: access_token, until: asked + ttl * 1000 * USED_FOR, goodAt: asked });
  }
}

type Outcome<T> = { value?: T; error?: ScicatFault; doubtful: boolean };

/** Of the errors only 401 and 403 may be due to the token. */
async function settled<T>(work: Promise<Answered<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ScicatFault && (error.status === 403 || error.status === 401))
      return { error, doubtful: true };
    throw error;
  }
}
