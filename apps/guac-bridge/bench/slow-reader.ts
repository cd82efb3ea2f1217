import { setTimeout as delay } from 'node:timers/promises';
import { open } from './clients.ts';
import type { BenchGuacd } from './fake-guacd.ts';
import type { RelayProcess } from './relay-process.ts';
import type { Subject } from './subjects.ts';

const READER_BYTES_PER_SECOND = 30e6;
const LOOK_EVERY_MS = 20;
/** A relay without back-pressure would take all the memory of the computer: so much says enough. */
const ENOUGH_BYTES = 1e9;

/** Bytes of memory that a relay takes beyond its idle state while a client reads slower than guacd sends. */
export interface SlowReader {
  readonly peakOverIdle: number;
}

/** A client that reads 30 MB/s of what comes as fast as it is taken, for so many seconds. */
export async function measureSlowReader(
  { endpoint, name }: Subject,
  relay: RelayProcess,
  guacd: BenchGuacd,
  block: Buffer,
  seconds: number,
): Promise<SlowReader> {
  const idle = relay.residentBytes;
  guacd.behaviour = { kind: 'flood', block, times: Number.MAX_SAFE_INTEGER, last: '' };
  const client = await open(endpoint);
  const began = performance.now();
  let bytes = 0;
  let lost: string | null = null;
  const allowed = (): number => ((performance.now() - began) / 1000) * READER_BYTES_PER_SECOND;
  client.lost = (why) => (lost = why);
  client.heard = (piece) => {
    bytes += piece.length;
    if (bytes > allowed()) {
      client.pause();
    }
  };
  let peak = idle;
  while (performance.now() - began < seconds * 1000 && peak - idle < ENOUGH_BYTES) {
    await delay(LOOK_EVERY_MS);
    peak = Math.max(peak, relay.residentBytes);
    if (lost !== null) {
      throw new Error(`${name}: ${lost}`);
    }
    if (bytes <= allowed()) {
      client.resume();
    }
  }
  client.close();
  return { peakOverIdle: peak - idle };
}
