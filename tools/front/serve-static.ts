import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { commonHeaders, contentSecurityPolicy, REFUSALS, refuse } from './answers.ts';
import { chooseEncoding, namesAFile } from './static-files.ts';
import type { StaticFile } from './static-files.ts';

const INDEX = '/index.html';

/** Answers with a file of the portal, or with its page for every address that names no file (the portal routes itself). */
export async function serveStatic(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  files: Map<string, StaticFile>,
  publicUrl: URL,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(request, response, REFUSALS.method, publicUrl);
  const file = path === INDEX ? undefined : files.get(path);
  if (file) return sendFile(request, response, file, publicUrl);
  const index = files.get(INDEX);
  if (!index) return refuse(request, response, REFUSALS.starting, publicUrl);
  if (namesAFile(path)) return refuse(request, response, REFUSALS.notFound, publicUrl);
  sendPage(request, response, index, publicUrl);
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile, publicUrl: URL): Promise<void> {
  const encoding = chooseEncoding(header(request, 'accept-encoding'), file);
  const etag = `"${file.etag}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  const headers = {
    ...commonHeaders(publicUrl),
    'Content-Type': file.type,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
    ...(file.compressible ? { Vary: 'Accept-Encoding' } : {}),
    // A picture or document opened by its own address may run nothing.
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  if ((header(request, 'if-none-match') ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const body = await file.as(encoding);
  response.writeHead(200, {
    ...headers,
    'Content-Length': body.length,
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The one page, with a nonce of its own: Angular hands it to every style element it makes. */
function sendPage(request: IncomingMessage, response: ServerResponse, index: StaticFile, publicUrl: URL): void {
  const nonce = randomBytes(18).toString('base64');
  const body = index.content.toString('utf8').replace(/<bd-root(?=[\s>])/, `<bd-root ngCspNonce="${nonce}"`);
  response.writeHead(200, {
    ...commonHeaders(publicUrl),
    'Content-Type': index.type,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': contentSecurityPolicy(publicUrl, nonce),
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function header(request: IncomingMessage, name: 'accept-encoding' | 'if-none-match'): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
