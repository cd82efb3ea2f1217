import { z } from 'zod';
import { CatalogueHttp, HttpRequest } from '../http/catalogue-http';
import { parseAs, parseJson } from '../http/unavailable';
import { faultOf } from './icat-fault';
import { IcatLogin } from './icat-settings';

const version = z.object({ version: z.string().max(50) });
const authenticator = z.object({
  mnemonic: z.string().min(1).max(100),
  friendly: z.string().min(1).max(100).optional(),
  keys: z.array(z.object({ name: z.string().min(1).max(100), hide: z.boolean().default(false) })).max(20),
});
const properties = z.object({
  maxEntities: z.int().positive(),
  lifetimeMinutes: z.number().positive(),
  authenticators: z.array(authenticator).max(50).default([]),
});
const opened = z.object({ sessionId: z.string().regex(/^[\w.:-]{1,200}$/, 'is no session id') });
const session = z.object({ userName: z.string().min(1), remainingMinutes: z.number() });

/**
 * ICAT's REST interface, call by call (icat.server, exposed/ICATRest.java). A session's id travels in the query or path,
 * where ICAT wants it; passwords and tokens only in bodies.
 * @throws IcatFault for every answer that is an error, by its code; otherwise as `CatalogueHttp`
 */
export class IcatClient {
  constructor(private readonly http: CatalogueHttp) {}

  /** E.g. "6.2.1". */
  async version(): Promise<string> {
    return (await this.json(version, { path: 'version' })).version;
  }

  properties(): Promise<z.infer<typeof properties>> {
    return this.json(properties, { path: 'properties' });
  }

  /** @returns the session's id */
  async login(login: IcatLogin): Promise<string> {
    const form = { json: JSON.stringify({ plugin: login.plugin, credentials: login.credentials }) };
    const secrets = login.credentials.flatMap((field) => Object.values(field));
    return (await this.json(opened, { method: 'POST', path: 'session', form }, secrets)).sessionId;
  }

  session(id: string): Promise<{ userName: string; remainingMinutes: number }> {
    return this.json(session, { ...sessionPath(id) }, [id]);
  }

  /** Sessions do not slide: only this extends one. */
  async refresh(id: string): Promise<void> {
    await this.text({ method: 'PUT', ...sessionPath(id) }, [id]);
  }

  async logout(id: string): Promise<void> {
    await this.text({ method: 'DELETE', ...sessionPath(id) }, [id]);
  }

  /** @returns one value for each row, to be read by the caller */
  query(id: string, jpql: string): Promise<unknown[]> {
    return this.json(z.array(z.unknown()), { path: 'entityManager', query: { sessionId: id, query: jpql } }, [id]);
  }

  private async json<T>(schema: z.ZodType<T>, request: HttpRequest, secrets: string[] = []): Promise<T> {
    const text = await this.text(request, secrets);
    return parseAs(schema, parseJson(text, this.http.name(request)), this.http.name(request));
  }

  private async text(request: HttpRequest, secrets: string[]): Promise<string> {
    const answer = await this.http.send(request);
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    throw faultOf(answer, this.http.name(request), secrets);
  }
}

function sessionPath(id: string): { path: string; route: string } {
  return { path: `session/${encodeURIComponent(id)}`, route: 'session/…' };
}
