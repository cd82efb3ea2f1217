import { Agent, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { REFUSALS, refuse } from './answers.ts';
import type { Refusal } from './answers.ts';
import { endToEnd, flat, towardsBackend } from './headers.ts';
import { isFileTransfer } from './path-table.ts';
import type { Address } from './settings.ts';

const LARGEST_BODY = 1024 ** 2;
const ANSWER_WITHIN_MS = 60_000;
/** How long a body may take; a file may take any time as long as something moves. */
const BODY_WITHIN_MS = 30_000;
/** Longer than the api lets a transfer stand still: it is the one to end it. */
const STANDSTILL_MS = 11 * 60_000;
/** How long what is left of a body is thrown away after an answer: cut off at once, some browsers never show the answer. */
const LINGER_MS = 10_000;

const agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: ANSWER_WITHIN_MS });

/** Passes a request on to a backend and its answer back, both as they come, without keeping either whole. */
export function pass(request: IncomingMessage, response: ServerResponse, to: Address, publicUrl: URL): void {
  const fail = (refusal: Refusal) => refuse(request, response, refusal, publicUrl);
  const isFile = isFileTransfer(request.url ?? '');
  if (!isFile && Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return fail(REFUSALS.tooLarge);
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  const headers = towardsBackend(request.rawHeaders, request.headers.connection, { publicUrl, client: request.socket.remoteAddress });
  if (request.headers['transfer-encoding'] !== undefined) headers.push(['Transfer-Encoding', 'chunked']);
  const upstream = ask({
    host: to.host,
    port: to.port,
    agent,
    method: request.method,
    path: request.url,
    headers: flat(headers),
    setHost: false,
    timeout: isFile ? STANDSTILL_MS : ANSWER_WITHIN_MS,
  });
  let refused: Refusal | null = null;
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, flat(endToEnd(answer.rawHeaders, answer.headers.connection)));
    // An answer cut short has to end as a cut connection, never as a whole answer.
    pipeline(answer, response, (error) => {
      if (error) response.destroy();
    });
  });
  upstream.once('timeout', () => {
    refused = REFUSALS.late;
    upstream.destroy();
  });
  upstream.once('error', (error: NodeJS.ErrnoException) => {
    if (response.destroyed) return;
    fail(refused ?? (error.code === 'ECONNREFUSED' ? REFUSALS.starting : REFUSALS.broken));
  });
  // Who leaves no longer needs the answer.
  response.once('close', () => {
    if (!response.writableFinished) upstream.destroy();
  });
  if (!hasBody) {
    upstream.end();
    return;
  }
  cutWhenSlow(request, response, isFile);
  // An answer may come before the whole body has: what is left of it goes nowhere, and must not keep the connection for ever.
  upstream.once('close', () => request.unpipe(upstream).resume());
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (isFile || size <= LARGEST_BODY) return;
    refused = REFUSALS.tooLarge;
    upstream.destroy(new Error('body too large'));
  });
  request.pipe(upstream);
}

function cutWhenSlow(request: IncomingMessage, response: ServerResponse, isFile: boolean): void {
  const cutAfter = (ms: number) => {
    const timer = setTimeout(() => {
      if (!request.complete) request.socket.destroy();
    }, ms).unref();
    request.once('close', () => clearTimeout(timer));
  };
  if (!isFile) cutAfter(BODY_WITHIN_MS);
  response.once('finish', () => {
    if (!request.complete) cutAfter(LINGER_MS);
  });
}
