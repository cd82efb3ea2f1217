const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const DOT = 0x2e;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
/** guacd cuts pictures into blobs of this many raw bytes. */
const BLOB_BYTES = 6048;

/** How large the pictures of a workload are, in raw bytes; all sizes between are equally frequent on a log scale. */
export interface PictureSizes {
  readonly smallest: number;
  readonly largest: number;
}

/** Windows that move, plots, scrolling. */
const PICTURES: PictureSizes = { smallest: 200, largest: 30_000 };
/** Typing, menus, a pointer over buttons: tiles of a few characters. */
const TEXT: PictureSizes = { smallest: 80, largest: 600 };

/** What a desktop draws: the sizes of one of its frames after the other, over and over. */
export type Mix = readonly PictureSizes[];

/** The mixes of the benchmark. `mixed`: one frame of windows and plots to nine of typing and menus, a guess at daily work. */
export const MIXES = {
  pictures: [PICTURES],
  mixed: [PICTURES, ...Array<PictureSizes>(9).fill(TEXT)],
  text: [TEXT],
} as const satisfies Record<string, Mix>;

/** Instructions of a moment of a busy desktop: pictures, moved and filled areas, a sync for each frame. */
export function busyMoment(atLeastBytes: number, mix: Mix): Buffer {
  const random = numbersFrom(4822);
  const parts: string[] = [];
  for (let bytes = 0, time = 1; bytes < atLeastBytes; time++) {
    const frame = desktopFrame(random, time, mix[time % mix.length] ?? TEXT);
    parts.push(frame);
    bytes += frame.length;
  }
  return Buffer.from(parts.join(''), 'latin1');
}

/** One instruction of ASCII text. */
export function instruction(...elements: readonly string[]): string {
  return `${elements.map((element) => `${element.length}.${element}`).join(',')};`;
}

/** What a browser's client says all the time; guacamole-lite drops one that is silent for 10 s. */
export const PING = instruction('', 'ping', '1763700000000');
export const PING_EVERY_MS = 4_000;

/** True for a frame (ASCII) that begins and ends between two instructions. */
export function holdsWholeInstructions(frame: Buffer): boolean {
  let at = 0;
  while (at < frame.length) {
    let length = 0;
    for (; isDigit(frame[at]); at++) {
      length = length * 10 + (frame[at] ?? 0) - DIGIT_0;
    }
    if (frame[at] !== DOT) {
      return false;
    }
    at += 1 + length;
    const terminator = frame[at++];
    if (terminator === SEMICOLON && at === frame.length) {
      return true;
    }
    if (terminator !== SEMICOLON && terminator !== COMMA) {
      return false;
    }
  }
  return frame.length === 0;
}

function desktopFrame(random: () => number, time: number, { smallest, largest }: PictureSizes): string {
  const parts: string[] = [];
  const upTo = (most: number): string => String(Math.floor(random() * most));
  for (let left = 1 + Math.floor(random() * 12); left > 0; left--) {
    if (random() < 0.25) {
      parts.push(instruction('copy', '0', upTo(1024), upTo(768), '64', '64', '14', '0', upTo(1024), upTo(768)));
      parts.push(instruction('rect', '0', upTo(1024), upTo(768), upTo(300), upTo(300)));
      parts.push(instruction('cfill', '14', '0', '12', '34', '56', '255'));
      continue;
    }
    const bytes = Math.floor(smallest * (largest / smallest) ** random());
    parts.push(instruction('img', '1', '14', '0', 'image/png', upTo(1024), upTo(768)));
    for (let sent = 0; sent < bytes; sent += BLOB_BYTES) {
      const raw = Buffer.from(Array.from({ length: Math.min(BLOB_BYTES, bytes - sent) }, () => random() * 256));
      parts.push(instruction('blob', '1', raw.toString('base64')));
    }
    parts.push(instruction('end', '1'));
  }
  parts.push(instruction('sync', String(1_763_700_000_000 + time * 40)));
  return parts.join('');
}

/** The same numbers in every run (a linear congruential generator, from 0 up to 1). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;
}
