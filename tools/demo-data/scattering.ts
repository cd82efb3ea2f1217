import type { Frame } from './edf.ts';
import { polar, qOf, type Geometry } from './geometry.ts';
import type { Random } from './random.ts';

export interface SmallAngleLook {
  /** Radius of gyration (Å) of Guinier's law, and exponent of the power law that takes over. */
  gyration: number;
  exponent: number;
  /** Counts at q = 0 and everywhere. */
  forward: number;
  flat: number;
  /** 0 = isotropic; towards 1 = aligned with the rows. */
  alignment?: number;
  /** A correlation peak: where (1/Å) and how strong against the forward intensity. */
  peak?: { q: number; strength: number };
}

/** A small-angle frame, with beam stop and counting noise. */
export function smallAngleFrame(geometry: Geometry, look: SmallAngleLook, random: Random): Frame {
  const { width, height } = geometry;
  const counts = new Uint16Array(width * height);
  // Where Guinier's law and the power law meet with one slope (Hammouda's model).
  const q1 = Math.sqrt(1.5 * look.exponent) / look.gyration;
  const factor = Math.exp(-look.exponent / 2) * q1 ** look.exponent;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const { radius, azimuth } = polar(geometry, row, column);
      const q = Math.max(1e-5, qOf(geometry, radius));
      let shape = q < q1 ? Math.exp(-((q * look.gyration) ** 2) / 3) : factor * q ** -look.exponent;
      if (look.peak) shape += look.peak.strength * Math.exp(-0.5 * ((q - look.peak.q) / (0.18 * look.peak.q)) ** 2);
      const order = 1 + (look.alignment ?? 0) * Math.cos(2 * azimuth + Math.PI);
      const mean = radius < 0.035 ? 0.3 : look.forward * shape * order + look.flat;
      counts[row * width + column] = Math.min(65535, random.count(mean));
    }
  }
  return { width, height, counts };
}
