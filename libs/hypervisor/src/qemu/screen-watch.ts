import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Relative to the machine's folder, where QEMU works. */
const PICTURE = 'screen.ppm';
/** 3840 × 2160 at three bytes, and a header. */
const LARGEST_BYTES = 32 * 1024 * 1024;
/** Of its bytes; a cursor that blinks is less, a desktop that comes up is more. */
const STILL_SHARE = 0.01;

/** A picture as QEMU's `screendump` writes it. */
export interface Picture {
  width: number;
  height: number;
  pixels: Buffer;
}

export interface ScreenWatchTimes {
  /** Between two looks. */
  everyMs: number;
  /** One that never stands still counts after so long out of text mode: somebody shows a film, or a clock. */
  restlessMs: number;
}

const TIMES: ScreenWatchTimes = { everyMs: 2000, restlessMs: 90_000 };

/**
 * Whether the desktop of a guest without our agent is on the screen: out of text mode, and the picture stands still. A guess, and told as one.
 */
export class ScreenWatch {
  private timer: NodeJS.Timeout | null = null;
  private before: Picture | null = null;
  private graphicsSince: number | null = null;
  private seen = false;

  /**
   * @param folder of the machine
   * @param dump has QEMU write the picture to a file in it
   */
  constructor(
    private readonly folder: string,
    private readonly dump: (file: string) => Promise<unknown>,
    private readonly changed: () => void,
    private readonly times = TIMES,
  ) {}

  get up(): boolean {
    return this.seen;
  }

  /** `running`: it was up before, and only we have to find that out; a picture out of text mode is enough then. */
  begin(running: boolean): void {
    if (this.seen || this.timer) return;
    this.schedule(running);
  }

  /** The guest begins anew. */
  reset(): void {
    this.end();
    this.seen = false;
    this.before = null;
    this.graphicsSince = null;
  }

  end(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(running: boolean): void {
    const timer = setTimeout(() => {
      void this.look(running).then((up) => {
        // Ended, or begun anew, while it looked.
        if (this.timer !== timer) return;
        this.timer = null;
        if (!up) return this.schedule(running);
        this.seen = true;
        this.changed();
      });
    }, this.times.everyMs);
    this.timer = timer;
  }

  /** A picture that can't be had is looked for again. */
  private async look(running: boolean): Promise<boolean> {
    const picture = await this.take().catch(() => null);
    if (!picture || isText(picture)) {
      this.before = null;
      this.graphicsSince = null;
      return false;
    }
    const now = Date.now();
    this.graphicsSince ??= now;
    const still = this.before !== null && differing(this.before, picture) <= STILL_SHARE;
    this.before = picture;
    return running || still || now - this.graphicsSince >= this.times.restlessMs;
  }

  private async take(): Promise<Picture | null> {
    await this.dump(PICTURE);
    const path = join(this.folder, PICTURE);
    // Never through a link: the folder is the machine's.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await file.stat();
      return size > LARGEST_BYTES ? null : readPicture(await file.readFile());
    } finally {
      await file.close();
      // Where the folder is only shown to us it stays until the machine goes, and is written over by the next look.
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

/** A binary PPM (netpbm's format P6, as QEMU writes it: no comments, one byte a colour); null: none, or a part of one. */
export function readPicture(bytes: Buffer): Picture | null {
  const header = /^P6\n(\d{1,5}) (\d{1,5})\n255\n/.exec(bytes.subarray(0, 32).toString('latin1'));
  if (!header) return null;
  const [width, height, pixels] = [Number(header[1]), Number(header[2]), bytes.subarray(header[0].length)];
  return pixels.length === width * height * 3 ? { width, height, pixels } : null;
}

/** The sizes of VGA's text modes, in which firmware and boot loaders speak: 80 columns of 8 or 9 dots, 25 rows of 16. */
export function isText({ width, height }: Pick<Picture, 'width' | 'height'>): boolean {
  return height === 400 && (width === 720 || width === 640);
}

/** 0: the same; 1: all of it. */
export function differing(one: Picture, other: Picture): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let count = 0;
  for (let at = 0; at < one.pixels.length; at++) if (one.pixels[at] !== other.pixels[at]) count++;
  return count / one.pixels.length;
}
