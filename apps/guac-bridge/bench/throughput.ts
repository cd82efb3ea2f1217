import { open } from './clients.ts';
import type { BenchGuacd } from './fake-guacd.ts';
import type { Subject } from './subjects.ts';
import { holdsWholeInstructions, instruction, PING, PING_EVERY_MS } from './workload.ts';

/** What it took to bring so much from guacd to a client. */
export interface Throughput {
  readonly bytes: number;
  readonly seconds: number;
  /** Of the relay; 0 where there is none. */
  readonly cpuSeconds: number;
  readonly frames: number;
  /** Frames of a websocket that began or ended inside an instruction. */
  readonly cutFrames: number;
}

const LAST = instruction('sync', '9999999999999');

/** Sends `block` so many times through `subject`, as fast as it takes it. Rejects when the connection ends before. */
export async function measureThroughput(
  subject: Subject,
  guacd: BenchGuacd,
  block: Buffer,
  times: number,
): Promise<Throughput> {
  guacd.behaviour = { kind: 'flood', block, times, last: LAST };
  const cpuBefore = subject.relay?.cpuSeconds ?? 0;
  const began = performance.now();
  const client = await open(subject.endpoint);
  const framed = subject.endpoint.kind === 'websocket';
  let bytes = 0;
  let frames = 0;
  let cutFrames = 0;
  const pings = setInterval(() => client.send(PING), PING_EVERY_MS);
  await new Promise<void>((resolve, reject) => {
    let tail = '';
    client.lost = (why) => reject(new Error(`${subject.name}: ${why}`));
    client.heard = (piece) => {
      bytes += piece.length;
      frames++;
      cutFrames += framed && !holdsWholeInstructions(piece) ? 1 : 0;
      tail = (tail + piece.toString('latin1', Math.max(0, piece.length - LAST.length))).slice(-LAST.length);
      if (tail === LAST) {
        resolve();
      }
    };
  }).finally(() => clearInterval(pings));
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = (subject.relay?.cpuSeconds ?? 0) - cpuBefore;
  client.close();
  return { bytes, seconds, cpuSeconds, frames, cutFrames };
}
