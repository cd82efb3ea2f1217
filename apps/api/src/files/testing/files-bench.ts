import { type ClientRequest, type IncomingMessage, request as ask } from 'node:http';
import { EditableCatalogue, seedProposals } from '@beamdesk/catalogue/testing';
import { Catalogue } from '@beamdesk/catalogue';
import { Hypervisor } from '@beamdesk/hypervisor';
import { aMachineSpec, MemoryFileTree, MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import type { TestBrowser } from '../../../test/app/browser';
import { createTestApp, type TestApp } from '../../../test/app/test-app';
import { WorkerLife } from '../../instances/reconciler/worker.module';
import { seedInstance } from '../../sessions/testing/seed-instance';

export interface RawAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
  /** Null where it is not JSON. */
  body: { code?: string; [field: string]: unknown } | null;
}

/** The whole api with ada and bo signed in, ada's READY desktop, and machines whose files are in memory. */
export class FilesBench {
  /** ada's desktop; a new one after each `reset`. */
  instance = '';
  private port = 5900;

  private constructor(
    readonly test: TestApp,
    readonly machines: MemoryHypervisor,
    readonly ada: { browser: TestBrowser; userId: string },
    readonly bo: { browser: TestBrowser; userId: string },
  ) {}

  static async create(env: Record<string, string> = {}): Promise<FilesBench> {
    const catalogue = new EditableCatalogue();
    for (const seed of seedProposals()) catalogue.put(seed);
    const machines = new MemoryHypervisor();
    const test = await createTestApp({
      env: { ROLES: 'web,worker', FILES_LIMIT_MIB: '64', ...env },
      override: (builder) =>
        builder
          .overrideProvider(Catalogue)
          .useValue(catalogue)
          .overrideProvider(Hypervisor)
          .useValue(machines)
          .overrideProvider(WorkerLife)
          .useValue({}),
    });
    return new FilesBench(test, machines, await test.signedIn('ada'), await test.signedIn('bo'));
  }

  async reset(): Promise<void> {
    await this.test.dataSource.query('DELETE FROM instance');
    this.instance = await seedInstance(this.test.app, this.ada.userId);
    const port = ++this.port;
    await this.machines.create(
      aMachineSpec({ id: this.instance, console: { protocol: 'vnc', port, password: 'sesame12' } }),
    );
  }

  get tree(): MemoryFileTree {
    const tree = this.machines.filesIn(this.instance);
    if (!tree) throw new Error('no machine');
    return tree;
  }

  /** Below `/api/instances/<id>/files`. */
  url(rest = '', path?: string): string {
    const query = path === undefined ? '' : `?path=${encodeURIComponent(path)}`;
    return `/api/instances/${this.instance}/files${rest}${query}`;
  }

  /** A request as a browser sends it, whose body is the caller's to write. */
  async open(
    browser: TestBrowser,
    method: string,
    url: string,
    headers: Record<string, string> = {},
  ): Promise<ClientRequest> {
    const { csrfToken } = (await browser.get('/api/session')).body as { csrfToken: string };
    const ours = { Cookie: browser.cookies(), Origin: this.test.url, 'X-CSRF-Token': csrfToken };
    const request = ask(new URL(url, this.test.url), { method, headers: { ...ours, ...headers }, agent: false });
    request.on('error', () => undefined);
    return request;
  }

  async put(
    path: string,
    content: Buffer,
    given: { browser?: TestBrowser; headers?: Record<string, string>; query?: string } = {},
  ) {
    const { browser = this.ada.browser, headers = {}, query = '' } = given;
    const type = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(content.length) };
    const request = await this.open(browser, 'PUT', this.url('/content', path) + query, { ...type, ...headers });
    const answer = answerTo(request);
    request.end(content);
    return answer;
  }

  async get(
    url: string,
    headers: Record<string, string> = {},
    browser = this.ada.browser,
    method = 'GET',
  ): Promise<RawAnswer> {
    const request = await this.open(browser, method, url, headers);
    const answer = answerTo(request);
    request.end();
    return answer;
  }
}

/** The whole answer; rejects when the connection is cut before its end. */
export function answerTo(request: ClientRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const json = response.headers['content-type']?.startsWith('application/json');
        const body = json ? (JSON.parse(bytes.toString()) as RawAnswer['body']) : null;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, body });
      });
    });
  });
}
