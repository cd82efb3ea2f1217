import type { Page } from 'playwright-core';

/** What a page played since it was asked to listen, channel by channel. */
export interface Heard {
  /** Samples per second. */
  rate: number;
  /** -1…1, one list for each channel; empty when nothing was played. */
  channels: number[][];
}

/** In the page: keeps a copy of every piece of sound that is given to the loudspeakers. */
function keepPieces(): void {
  const pieces: Heard[] = [];
  Object.assign(window, { pieces });
  const play = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    const { buffer } = this;
    if (buffer) {
      const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) => [...buffer.getChannelData(index)]);
      pieces.push({ rate: buffer.sampleRate, channels });
    }
    play.apply(this, when);
  };
}

/** Has every page that the given one becomes keep what it plays. */
export async function keepSound(page: Page): Promise<void> {
  await page.addInitScript(keepPieces);
}

/** What the page played since the last call. */
export async function heard(page: Page): Promise<Heard> {
  const pieces = await page.evaluate(() => (window as unknown as { pieces: Heard[] }).pieces.splice(0));
  const [first] = pieces;
  if (!first) return { rate: 0, channels: [] };
  return { rate: first.rate, channels: first.channels.map((_, index) => pieces.flatMap(({ channels }) => channels[index] ?? [])) };
}

/**
 * Share (0–1) of a sound's power that one pitch has: 1 for a pure tone. By correlation over stretches of 50 ms, so that a gap
 * between two of them, where the phase jumps, costs nothing; stretches of silence do not count.
 * @param hertz a multiple of 20, so that whole periods fit
 */
export function shareOfTone(samples: number[], rate: number, hertz: number): number {
  const length = Math.round(rate / 20);
  let [all, tone] = [0, 0];
  for (let start = 0; length > 0 && start + length <= samples.length; start += length) {
    let [power, inPhase, across] = [0, 0, 0];
    for (let i = 0; i < length; i++) {
      const sample = samples[start + i] ?? 0;
      const angle = (2 * Math.PI * hertz * i) / rate;
      power += sample * sample;
      inPhase += sample * Math.cos(angle);
      across += sample * Math.sin(angle);
    }
    all += power;
    tone += (2 * (inPhase * inPhase + across * across)) / length;
  }
  return all === 0 ? 0 : tone / all;
}
