import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { contentSecurityPolicy, messagePage, signInPage } from './pages.ts';
import { demoProvider } from './provider.ts';
import { MOUNT } from './settings.ts';
import type { Settings } from './settings.ts';

const MAX_FORM_BYTES = 4096;

/** The provider behind its path prefix, with a sign-in page of its own. */
export function demoIdentities(settings: Settings): Server {
  const provider = demoProvider(settings);
  const answer = provider.callback();
  return createServer((request, response) => {
    const url = request.url ?? '/';
    if (url !== MOUNT && !url.startsWith(`${MOUNT}/`)) return void response.writeHead(404).end();
    // The settings alone decide addresses, whatever the request says.
    request.headers.host = settings.issuer.host;
    request.headers['x-forwarded-host'] = settings.issuer.host;
    request.headers['x-forwarded-proto'] = settings.issuer.protocol.replace(':', '');
    if (/^\/oidc\/interaction\/[\w-]+$/.test(url)) return void interact(settings, provider, request, response);
    Object.assign(request, { originalUrl: url, url: url.slice(MOUNT.length) || '/' });
    return void answer(request, response);
  });
}

/** GET shows the people, POST signs in as one of them; both only with the cookie of a sign-in that is under way. */
async function interact(settings: Settings, provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const html = (status: number, body: string) => send(response, status, body, contentSecurityPolicy(settings));
  try {
    await provider.interactionDetails(request, response);
    if (request.method === 'GET') return html(200, signInPage(settings.label, settings.people, request.url ?? ''));
    if (request.method !== 'POST') return void response.writeHead(405, { Allow: 'GET, POST' }).end();
    const form = await readForm(request);
    const person = settings.people.find(({ id }) => id === form.get('person'));
    const result = person
      ? { login: { accountId: person.subject, remember: true } }
      : { error: 'access_denied', error_description: 'cancelled' };
    return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch {
    const message = 'This sign-in is no longer under way. Start again from the portal.';
    return html(400, messagePage(settings.label, 'Too late', message, settings.portal));
  }
}

function send(response: ServerResponse, status: number, body: string, policy: string): void {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
  response.writeHead(status, headers).end(body);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) throw new Error('form too large');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
