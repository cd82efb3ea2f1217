import type { Random } from './random.ts';

/** A pump-probe scan: one value of each signal per delay. */
export interface DelayScan {
  /** ps */
  delay: Float64Array;
  /** Change of reflectivity, relative. */
  reflectivity: Float64Array;
  /** Kerr rotation, mrad. */
  kerr: Float64Array;
}

const step = (t: number, rise: number): number => 1 / (1 + Math.exp(-t / rise));

/** Fast heating, slow cooling, and a magnetisation that follows with the given time constant (ps). */
export function delayScan(points: number, magnetisation: number, random: Random): DelayScan {
  const delay = Float64Array.from({ length: points }, (_, i) =>
    i < points / 4 ? -5 + (40 * i) / points : 5 * 1.045 ** (i - points / 4),
  );
  const after = (t: number): number => Math.max(0, t);
  return {
    delay,
    reflectivity: delay.map(
      (t) => 0.012 * step(t, 0.1) * (0.4 + 0.6 * Math.exp(-after(t) / 180)) + 0.0002 * random.normal(),
    ),
    kerr: delay.map((t) => 1.8 * step(t, 0.15) * (1 - Math.exp(-after(t) / magnetisation)) + 0.02 * random.normal()),
  };
}

/** Microscope frames of a lattice that a laser writes strut by strut; frames × size × size. */
export function writingFrames(frames: number, size: number, random: Random): Uint16Array {
  const out = new Uint16Array(frames * size * size);
  for (let frame = 0; frame < frames; frame++) {
    const written = (frame + 1) / frames;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const u = (row / size) * 6 * Math.PI;
        const v = (column / size) * 6 * Math.PI;
        // The gyroid's level set at the height written so far.
        const w = written * 2 * Math.PI;
        const gyroid = Math.sin(u) * Math.cos(v) + Math.sin(v) * Math.cos(w) + Math.sin(w) * Math.cos(u);
        const solid = row / size < written ? step(gyroid - 0.2, 0.08) : 0;
        out[(frame * size + row) * size + column] = random.count(300 + 2600 * solid);
      }
    }
  }
  return out;
}
