import type { Random } from './random.ts';

/** Lines of each element, keV and strength against its first (X-ray Data Booklet). */
const lines: Record<string, [number, number][]> = {
  K: [
    [3.3138, 1],
    [3.5896, 0.11],
  ],
  Ca: [
    [3.6917, 1],
    [4.0127, 0.13],
  ],
  Ti: [
    [4.5108, 1],
    [4.9318, 0.15],
  ],
  Mn: [
    [5.8988, 1],
    [6.4905, 0.17],
  ],
  Fe: [
    [6.4038, 1],
    [7.058, 0.17],
  ],
  Co: [
    [6.9303, 1],
    [7.6494, 0.17],
  ],
  Ni: [
    [7.4782, 1],
    [8.2647, 0.17],
  ],
  Cu: [
    [8.0478, 1],
    [8.9053, 0.17],
  ],
  Zn: [
    [8.6389, 1],
    [9.572, 0.17],
  ],
  As: [
    [10.5437, 1],
    [11.7262, 0.19],
  ],
  Hg: [
    [9.9888, 1],
    [11.8226, 0.8],
    [13.83, 0.13],
  ],
  Pb: [
    [10.5515, 1],
    [12.6137, 0.85],
    [14.7644, 0.13],
  ],
};

/** keV = zero + gain · channel. */
export interface Calibration {
  zero: number;
  gain: number;
  channels: number;
}

/** Deviation of a peak (keV): electronic noise, and the statistics of charge in silicon. */
const deviation = (energy: number): number => Math.sqrt(0.04 ** 2 + 0.115 * 0.00385 * energy);

/**
 * What a silicon drift detector counts on average.
 * @param elements counts in the strongest line of each element
 * @param beam keV of the exciting beam: its elastic and Compton peaks are there too
 */
export function spectrum(calibration: Calibration, elements: Record<string, number>, beam: number): Float64Array {
  const total = Object.values(elements).reduce((sum, value) => sum + value, 0);
  const peaks: [number, number, number][] = [
    [beam, 0.06 * total, deviation(beam)],
    [beam / (1 + beam / 510.99895), 0.12 * total, 2.4 * deviation(beam)],
  ];
  for (const [element, strength] of Object.entries(elements)) {
    for (const [energy, ratio] of lines[element] ?? []) peaks.push([energy, strength * ratio, deviation(energy)]);
  }
  return Float64Array.from({ length: calibration.channels }, (_, channel) => {
    const energy = calibration.zero + calibration.gain * channel;
    let mean = energy < 1 || energy > beam ? 0.2 : 0.00002 * total * (1 + Math.exp(-((energy - 4) ** 2) / 12));
    for (const [centre, area, sigma] of peaks) {
      const off = (energy - centre) / sigma;
      if (off > -7 && off < 7) mean += ((area * calibration.gain) / (sigma * 2.5066)) * Math.exp(-0.5 * off * off);
    }
    return mean;
  });
}

export function counted(means: Float64Array, random: Random): Uint32Array {
  return Uint32Array.from(means, (mean) => random.count(mean));
}

/** One spectrum as a SPEC file with an MCA block, as PyMca reads it. */
export function mcaFile(title: string, calibration: Calibration, counts: Uint32Array, seconds: number): string {
  const rows: string[] = [];
  for (let i = 0; i < counts.length; i += 16) rows.push(Array.from(counts.subarray(i, i + 16)).join(' '));
  return [
    '#F demo.mca',
    '#D Sat Nov 21 10:00:00 2026',
    '',
    `#S 1 ${title}`,
    '#D Sat Nov 21 10:00:00 2026',
    '#N 1',
    '#@MCA 16C',
    `#@CHANN ${counts.length} 0 ${counts.length - 1} 1`,
    `#@CALIB ${calibration.zero} ${calibration.gain} 0`,
    `#@CTIME ${seconds} ${seconds} ${seconds}`,
    `@A ${rows.join(' \\\n')}`,
    '',
  ].join('\n');
}
