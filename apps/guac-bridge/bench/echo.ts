import { open } from './clients.ts';
import { median } from './report.ts';
import type { Subject } from './subjects.ts';
import { instruction } from './workload.ts';

const WARM_UP = 1_000;
const ROUNDS = 3_000;
const FIRST_NUMBER = 1_000_000;

/**
 * Microseconds from an instruction of the client's to guacd's answer to it, one after the other; their median.
 * guacd has to be an echoing one.
 */
export async function measureEcho(subject: Subject): Promise<number> {
  const client = await open(subject.endpoint);
  const took: number[] = [];
  await new Promise<void>((resolve, reject) => {
    let number = FIRST_NUMBER;
    let sentAt = 0n;
    const next = (): void => {
      number++;
      sentAt = process.hrtime.bigint();
      client.send(instruction('sync', String(number)));
    };
    client.lost = (why) => reject(new Error(`${subject.name}: ${why}`));
    client.heard = (piece) => {
      const now = process.hrtime.bigint();
      const text = piece.toString('latin1');
      if (number === FIRST_NUMBER) {
        // The first picture: guacd is ready, and echoes from now on.
        if (text.endsWith(instruction('end', '1'))) setImmediate(next);
      } else if (text.includes(String(number))) {
        took.push(Number(now - sentAt) / 1000);
        if (took.length < WARM_UP + ROUNDS) next();
        else resolve();
      }
    };
  });
  client.close();
  return median(took.slice(WARM_UP));
}
