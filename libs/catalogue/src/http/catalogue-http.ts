import { CatalogueUnavailable } from '../errors';
import { logText, unavailable } from './unavailable';

export interface HttpLimits {
  /** From the request to the answer's last byte. */
  timeoutMs: number;
  /** Of an answer, unpacked. */
  maxBytes: number;
  /** Of a URL, in characters: what servers and proxies on the way take. */
  maxUrl: number;
}

export const HTTP_LIMITS: HttpLimits = { timeoutMs: 20_000, maxBytes: 32 * 1024 * 1024, maxUrl: 2048 };

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base; each step already escaped. */
  path: string;
  /** What the log says in place of a path that holds a secret. */
  route?: string;
  query?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  bearer?: string;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

/** What stands between a request and its answer: a network that fails, answers without end, redirects to elsewhere. */
export class CatalogueHttp {
  private readonly base: string;

  /** @param base http(s) URL without query; a slash at its end does not matter */
  constructor(
    base: string,
    private readonly limits: HttpLimits = HTTP_LIMITS,
  ) {
    this.base = base.replace(/\/+$/, '');
  }

  /** How a request is named in the log: no query, no secret. */
  name({ method = 'GET', path, route = path }: HttpRequest): string {
    return `${method} ${this.base}/${route}`;
  }

  /**
   * Any status but a redirect is an answer.
   * @throws CatalogueUnavailable unreachable, timeout, refused (a redirect, a URL too long), malformed (too large, not UTF-8)
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { method = 'GET', form, json, bearer } = request;
    const url = `${this.base}/${request.path}${request.query ? `?${new URLSearchParams(request.query)}` : ''}`;
    if (url.length > this.limits.maxUrl) {
      throw unavailable('refused', `${this.name(request)}: the URL would have ${url.length} characters`);
    }
    // ids.server answers some questions in plain text, and 500 to whoever would not take it.
    const headers: Record<string, string> = { Accept: 'application/json, */*;q=0.5' };
    if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
    if (json !== undefined) headers['Content-Type'] = 'application/json';
    const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json);
    const signal = AbortSignal.timeout(this.limits.timeoutMs);
    try {
      const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw unavailable(
          'refused',
          `${this.name(request)}: redirected to ${targetOf(response)}: give the address itself`,
        );
      }
      return { status: response.status, text: await this.read(response, request) };
    } catch (error) {
      throw error instanceof CatalogueUnavailable ? error : this.networkFault(request, error);
    }
  }

  private async read(response: Response, request: HttpRequest): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > this.limits.maxBytes) {
        throw unavailable('malformed', `${this.name(request)}: the answer has more than ${this.limits.maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    } catch {
      throw unavailable('malformed', `${this.name(request)}: the answer is not UTF-8`);
    }
  }

  private networkFault(request: HttpRequest, error: unknown): CatalogueUnavailable {
    const { name, message, cause } = looked(error);
    if (name === 'TimeoutError') {
      return unavailable('timeout', `${this.name(request)}: no answer in ${this.limits.timeoutMs} ms`);
    }
    const inner = looked(cause);
    const what = inner.code ?? inner.message ?? message ?? 'unknown fault';
    return unavailable('unreachable', `${this.name(request)}: ${logText(what)}`);
  }
}

/** What was thrown may be of another realm, where `instanceof Error` says no. */
function looked(error: unknown): { name?: string; message?: string; code?: string; cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Scheme, host and path: what follows may hold a session. */
function targetOf(response: Response): string {
  const location = response.headers.get('location') ?? '';
  if (!URL.canParse(location, response.url || undefined)) return 'nowhere';
  const { origin, pathname } = new URL(location, response.url || undefined);
  return logText(`${origin}${pathname}`);
}
