import type { Frame } from './edf.ts';
import type { Random } from './random.ts';

/** Lengths in units of half the picture's width; attenuation per unit. */
interface Ellipsoid {
  x: number;
  y: number;
  z: number;
  a: number;
  b: number;
  c: number;
  tilt: number;
  mu: number;
}

/** A round core with grains and pores in it. */
export class Phantom {
  private readonly bodies: Ellipsoid[];

  /** @param pores how many, of attenuation `mu` against the core's 1 (negative = air in place of stone) */
  constructor(pores: number, mu: number, random: Random) {
    this.bodies = [{ x: 0, y: 0, z: 0, a: 0.82, b: 0.82, c: 50, tilt: 0, mu: 1 }];
    for (let i = 0; i < pores; i++) {
      const distance = 0.7 * Math.sqrt(random.next());
      const angle = random.between(0, 2 * Math.PI);
      this.bodies.push({
        x: distance * Math.cos(angle),
        y: distance * Math.sin(angle),
        z: random.between(-0.3, 0.3),
        a: random.between(0.03, 0.11),
        b: random.between(0.02, 0.07),
        c: random.between(0.04, 0.2),
        tilt: random.between(0, Math.PI),
        mu: i % 4 === 3 ? 0.8 : mu,
      });
    }
  }

  /** Attenuation along each ray of one row: `width` rays across [-1, 1] at an angle, at height z. */
  projectRow(width: number, angle: number, z: number): Float64Array {
    const row = new Float64Array(width);
    for (const body of this.bodies) {
      const cut = 1 - ((z - body.z) / body.c) ** 2;
      if (cut <= 0) continue;
      const a = body.a * Math.sqrt(cut);
      const b = body.b * Math.sqrt(cut);
      const turned = angle - body.tilt;
      const squared = (a * Math.cos(turned)) ** 2 + (b * Math.sin(turned)) ** 2;
      const centre = body.x * Math.cos(angle) + body.y * Math.sin(angle);
      for (let i = 0; i < width; i++) {
        const off = (2 * (i + 0.5)) / width - 1 - centre;
        const under = squared - off * off;
        if (under > 0) row[i] = (row[i] ?? 0) + (2 * body.mu * a * b * Math.sqrt(under)) / squared;
      }
    }
    return row;
  }

  /** The true slice at height z, as grey values. */
  slice(width: number, z: number): Frame {
    const counts = new Uint16Array(width * width);
    for (let row = 0; row < width; row++) {
      for (let column = 0; column < width; column++) {
        const px = (2 * (column + 0.5)) / width - 1;
        const py = (2 * (row + 0.5)) / width - 1;
        let mu = 0;
        for (const body of this.bodies) {
          const dx = px - body.x;
          const dy = py - body.y;
          const along = (dx * Math.cos(body.tilt) + dy * Math.sin(body.tilt)) / body.a;
          const across = (dy * Math.cos(body.tilt) - dx * Math.sin(body.tilt)) / body.b;
          if (along * along + across * across + ((z - body.z) / body.c) ** 2 < 1) mu += body.mu;
        }
        counts[row * width + column] = Math.round(20000 * Math.max(0, mu));
      }
    }
    return { width, height: width, counts };
  }
}

export interface Scan {
  /** Frames, one after the other: darks, flats, projections, flats. */
  counts: Uint16Array;
  frames: number;
  rows: number;
  columns: number;
  /** NXtomo: 2 dark, 1 flat, 0 projection. */
  imageKey: Int32Array;
  /** Degrees. */
  angles: Float64Array;
}

/** A parallel-beam scan over 180°, with darks, flats, an uneven beam and counting noise. */
export function scan(
  phantom: Phantom,
  size: { projections: number; rows: number; columns: number },
  random: Random,
): Scan {
  const { projections, rows, columns } = size;
  const keys = [2, 2, 1, 1, ...Array.from({ length: projections }, () => 0), 1, 1];
  const angles = keys.map((key, i) => (key === 0 ? ((i - 4) * 180) / projections : i < 4 ? 0 : 180));
  const counts = new Uint16Array(keys.length * rows * columns);
  keys.forEach((key, frame) => {
    for (let row = 0; row < rows; row++) {
      const z = 0.3 * ((2 * (row + 0.5)) / rows - 1);
      const path = key === 0 ? phantom.projectRow(columns, ((angles[frame] ?? 0) * Math.PI) / 180, z) : null;
      for (let column = 0; column < columns; column++) {
        const beam = key === 2 ? 0 : 9000 * (1 - 0.25 * ((2 * column) / columns - 1) ** 2) * (1 + 0.05 * Math.sin(row));
        const mean = 100 + beam * Math.exp(-0.9 * (path?.[column] ?? 0));
        counts[(frame * rows + row) * columns + column] = random.count(mean);
      }
    }
  });
  return {
    counts,
    frames: keys.length,
    rows,
    columns,
    imageKey: Int32Array.from(keys),
    angles: Float64Array.from(angles),
  };
}
