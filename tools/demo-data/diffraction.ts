import type { Frame } from './edf.ts';
import { polar, qOf, type Geometry } from './geometry.ts';
import type { Random } from './random.ts';

/** A reflection of a powder. */
export interface Reflection {
  /** 1/Å */
  q: number;
  /** Relative. */
  weight: number;
}

const allowed = {
  primitive: () => true,
  face: (h: number, k: number, l: number) => h % 2 === k % 2 && k % 2 === l % 2,
};

/** Reflections of a cubic crystal of edge `a` (Å), weighted by multiplicity and falling off with q. */
export function cubic(a: number, lattice: keyof typeof allowed, qMax: number): Reflection[] {
  const shells = new Map<number, number>();
  const n = Math.ceil((qMax * a) / (2 * Math.PI));
  for (let h = -n; h <= n; h++)
    for (let k = -n; k <= n; k++)
      for (let l = -n; l <= n; l++) {
        const sum = h * h + k * k + l * l;
        if (sum > 0 && allowed[lattice](Math.abs(h), Math.abs(k), Math.abs(l)))
          shells.set(sum, (shells.get(sum) ?? 0) + 1);
      }
  return [...shells]
    .map(([sum, multiplicity]) => {
      const q = (2 * Math.PI * Math.sqrt(sum)) / a;
      return { q, weight: (multiplicity / sum) * Math.exp(-0.012 * q * q) };
    })
    .filter(({ q }) => q <= qMax)
    .sort((one, other) => one.q - other.q);
}

/** Orders of a layered crystal of spacing `d` (Å). */
export function lamellar(d: number, orders: number): Reflection[] {
  return Array.from({ length: orders }, (_, i) => ({ q: (2 * Math.PI * (i + 1)) / d, weight: 1 / (1 + 0.35 * i) }));
}

export interface PowderLook {
  reflections: Reflection[];
  /** Deviation of each ring, 1/Å. */
  width: number;
  /** Counts of a ring of weight 1 at its top, and of the background at the centre. */
  peak: number;
  background: number;
  /** Relative change of q along the rows' direction; across, Poisson's ratio takes back a third. */
  strain?: number;
  /** 0 = smooth rings; towards 1 = single grains. */
  spotty?: number;
}

/** A Debye-Scherrer frame with counting noise and the shadow of a beam stop. */
export function powderFrame(geometry: Geometry, look: PowderLook, random: Random): Frame {
  const { width, height } = geometry;
  const counts = new Uint16Array(width * height);
  const sectors = 720;
  const grains = look.reflections.map(() =>
    Float64Array.from({ length: sectors }, () =>
      look.spotty && random.next() > 1 - 0.12 ? 1 + 14 * look.spotty * random.next() : 1 - (look.spotty ?? 0),
    ),
  );
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const { radius, azimuth } = polar(geometry, row, column);
      const cosine = Math.cos(azimuth);
      const shift = 1 + (look.strain ?? 0) * (cosine * cosine - (1 - cosine * cosine) / 3);
      const q = qOf(geometry, radius);
      const sector = Math.floor(((azimuth + Math.PI) / (2 * Math.PI)) * sectors) % sectors;
      let mean = look.background * Math.exp(-0.25 * q);
      look.reflections.forEach((reflection, i) => {
        const off = (q - reflection.q / shift) / look.width;
        if (off > -6 && off < 6)
          mean += look.peak * reflection.weight * (grains[i]?.[sector] ?? 1) * Math.exp(-0.5 * off * off);
      });
      if (radius < 0.0022) mean = 0.4;
      counts[row * width + column] = Math.min(65535, random.count(mean));
    }
  }
  return { width, height, counts };
}

/** A frame of a rotated single crystal: spots of two deviating lattices' density, and the ring of the solvent. */
export function crystalFrame(geometry: Geometry, spots: number, random: Random): Frame {
  const frame = powderFrame(
    geometry,
    { reflections: [{ q: 1.9, weight: 1 }], width: 0.28, peak: 42, background: 25 },
    random,
  );
  for (let i = 0; i < spots; i++) {
    const centreRow = random.between(6, geometry.height - 6);
    const centreColumn = random.between(6, geometry.width - 6);
    const { radius } = polar(geometry, centreRow, centreColumn);
    const q = qOf(geometry, radius);
    if (radius < 0.004) continue;
    const strength = 4000 * Math.exp(-1.1 * q) * random.next() ** 3;
    for (let row = Math.floor(centreRow) - 4; row <= centreRow + 4; row++) {
      for (let column = Math.floor(centreColumn) - 4; column <= centreColumn + 4; column++) {
        const at = row * geometry.width + column;
        const squared = ((row - centreRow) / 1.1) ** 2 + ((column - centreColumn) / 1.3) ** 2;
        frame.counts[at] = Math.min(65535, (frame.counts[at] ?? 0) + random.count(strength * Math.exp(-0.5 * squared)));
      }
    }
  }
  return frame;
}
