import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as ask } from 'node:http';
import type { ErrorBody, FolderView, SentFile } from '@beamdesk/contracts';
import type { PortalClient } from './portal-client.ts';

export interface FileAnswer<T> {
  status: number;
  body: T;
}

/** One person's way to the files of one desktop, through the front, as the pages go it. */
export class GuestFiles {
  private readonly client: PortalClient;
  private readonly base: string;

  constructor(client: PortalClient, instanceId: string) {
    this.client = client;
    this.base = `${client.url}/api/instances/${instanceId}/files`;
  }

  async list(path: string): Promise<FileAnswer<FolderView & ErrorBody>> {
    return answerOf(await this.open('GET', '', path));
  }

  async names(path: string): Promise<string[]> {
    return (await this.list(path)).body.entries.map(({ name }) => name);
  }

  async send(path: string, content: Buffer, overwrite = false): Promise<FileAnswer<SentFile & ErrorBody>> {
    const request = await this.sending(path, content.length, overwrite);
    request.write(content);
    return answerOf(request);
  }

  /** An upload whose body is still to be written. */
  async sending(path: string, bytes: number, overwrite = false): Promise<ClientRequest> {
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes) };
    return this.open('PUT', '/content', path, headers, overwrite ? '&overwrite=true' : '');
  }

  async makeFolder(path: string): Promise<number> {
    return (await this.client.send('POST', new URL(`${this.base}/folders`).pathname, { path })).status;
  }

  /** The answer to a download, none of it read. */
  async receiving(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const request = await this.open('GET', '/content', path, headers);
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer;
  }

  /** A whole download: its length and SHA-256; rejects when it is cut. */
  async receive(path: string): Promise<{ status: number; bytes: number; sha256: string; disposition: string }> {
    const answer = await this.receiving(path);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of answer) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    const { statusCode = 0, headers } = answer;
    return { status: statusCode, bytes, sha256: hash.digest('hex'), disposition: headers['content-disposition'] ?? '' };
  }

  private async open(
    method: string,
    rest: string,
    path: string,
    headers: Record<string, string> = {},
    query = '',
  ): Promise<ClientRequest> {
    const { csrfToken } = await this.client.session();
    const ours = { Cookie: this.client.cookie, Origin: this.client.url, 'X-CSRF-Token': csrfToken };
    const url = `${this.base}${rest}?path=${encodeURIComponent(path)}${query}`;
    return ask(url, { method, headers: { ...ours, ...headers }, agent: false }).on('error', () => undefined);
  }
}

/** Ends the request and reads its JSON. */
export async function answerOf<T>(request: ClientRequest): Promise<FileAnswer<T>> {
  const cut = once(request, 'error').then(([error]) => Promise.reject(error));
  cut.catch(() => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end();
  const [answer] = await Promise.race([answered, cut]);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as T };
}
