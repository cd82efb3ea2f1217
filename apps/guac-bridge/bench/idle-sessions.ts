import { setTimeout as delay } from 'node:timers/promises';
import { open } from './clients.ts';
import type { Client } from './clients.ts';
import type { BenchGuacd } from './fake-guacd.ts';
import type { RelayProcess } from './relay-process.ts';
import type { Subject } from './subjects.ts';
import { PING, PING_EVERY_MS } from './workload.ts';

const AT_ONCE = 50;
const SETTLE_MS = 6_000;

/** What sessions cost in which nothing happens but what keeps them alive. */
export interface IdleSessions {
  /** Sessions that lived at the end. */
  readonly held: number;
  readonly bytesEach: number;
}

/** Opens so many sessions, lets them be for a while, and looks at the memory of the relay. */
export async function measureIdleSessions(
  { endpoint, name }: Subject,
  relay: RelayProcess,
  guacd: BenchGuacd,
  wanted: number,
): Promise<IdleSessions> {
  guacd.behaviour = { kind: 'idle' };
  const before = relay.residentBytes;
  const clients: Client[] = [];
  const pings = setInterval(() => clients.forEach((client) => client.send(PING)), PING_EVERY_MS);
  let lost = 0;
  try {
    while (clients.length < wanted) {
      const batch = Math.min(AT_ONCE, wanted - clients.length);
      for (const client of await Promise.all(Array.from({ length: batch }, () => open(endpoint)))) {
        client.lost = () => lost++;
        clients.push(client);
      }
      while (guacd.live + lost < clients.length) {
        await delay(5);
      }
    }
    await delay(SETTLE_MS);
    const held = guacd.live;
    if (held === 0) {
      throw new Error(`${name}: no session lives`);
    }
    return { held, bytesEach: (relay.residentBytes - before) / held };
  } finally {
    clearInterval(pings);
    clients.forEach((client) => client.close());
  }
}
