import { Duplex } from 'node:stream';
import { mayLeave, Rules } from './frame-filter';
import { FrameSplitter } from './frame-splitter';

/**
 * Carries frames between a guest and what speaks for it to the world, and drops what may not leave. Either end's end ends the other.
 * @param rules asked for every burst of frames
 */
export function relay(guest: Duplex, world: Duplex, rules: () => Rules): void {
  const frames = new FrameSplitter();
  guest.on('data', (bytes: Buffer) => {
    try {
      const now = rules();
      const kept = frames.push(bytes).filter((frame) => mayLeave(FrameSplitter.frameOf(frame), now));
      if (kept.length === 0 || world.write(Buffer.concat(kept))) return;
      guest.pause();
      world.once('drain', () => guest.resume());
    } catch {
      // What can't be judged does not leave.
      guest.destroy();
    }
  });
  world.pipe(guest);
  for (const [one, other] of [
    [guest, world],
    [world, guest],
  ] as const) {
    one.on('error', () => one.destroy());
    one.on('close', () => other.destroy());
  }
}
