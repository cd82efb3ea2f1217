import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { RedeemAnswer, TicketView } from '@beamdesk/contracts';
import type { Installation } from './installation.ts';
import type { PortalClient } from './portal-client.ts';

/** Turns a ticket into a console's address and secret on the internal api, as the bridge does and no browser can. */
export function redeem(
  { dataDir, url }: Installation,
  { cookie }: PortalClient,
  { ticket }: TicketView,
): Promise<RedeemAnswer> {
  const secret = readFileSync(join(dataDir, 'secrets/bridge/internal-secret'), 'utf8').trim();
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: join(dataDir, 'run/internal/api.sock'),
        method: 'POST',
        path: '/internal/tickets/redeem',
        headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as RedeemAnswer));
      },
    );
    asked.on('error', reject).end(JSON.stringify({ ticket, cookie, origin: url, bridge: 'e2e' }));
  });
}
