import type { Output } from './dataset.ts';
import { counted, mcaFile, spectrum, type Calibration } from './fluorescence.ts';
import { Values } from './hdf5.ts';
import { delayScan, writingFrames } from './laser.ts';
import { number } from './pattern-makers.ts';
import { tiff } from './tiff.ts';
import { Phantom, scan } from './tomography.ts';

const detector: Calibration = { zero: 0.02, gain: 0.01, channels: 2048 };

/** One spectrum in a SPEC file. @param elements counts in each element's strongest line @param beam keV */
export function mca(prefix: string, elements: Record<string, number>, beam: number): (output: Output) => void {
  return (output) => {
    const counts = counted(spectrum(detector, elements, beam), output.random);
    output.write(`${prefix}.mca`, mcaFile(prefix, detector, counts, 60));
  };
}

/** A map: a spectrum at each point, elements unevenly spread; 10 eV a channel up to 12.8 keV. */
export function map(prefix: string, elements: Record<string, number>, beam: number): (output: Output) => Promise<void> {
  return async (output) => {
    const size = 20;
    const calibration = { zero: 0, gain: 0.02, channels: 640 };
    const names = Object.keys(elements);
    const centres = names.map(() => [
      output.random.between(3, 17),
      output.random.between(3, 17),
      output.random.between(2, 7),
    ]);
    const pure = names.map((name) => spectrum(calibration, { [name]: 1 }, beam));
    const data = new Uint16Array(size * size * calibration.channels);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const shares = names.map((name, i) => {
          const [y = 0, x = 0, width = 1] = centres[i] ?? [];
          return (elements[name] ?? 0) * (0.1 + Math.exp(-((row - y) ** 2 + (column - x) ** 2) / (2 * width * width)));
        });
        for (let channel = 0; channel < calibration.channels; channel++) {
          const mean = shares.reduce((sum, share, i) => sum + share * (pure[i]?.[channel] ?? 0), 0);
          data[(row * size + column) * calibration.channels + channel] = output.random.count(mean);
        }
      }
    }
    await output.hdf5(`${prefix}.h5`, {
      '@default': 'entry',
      entry: {
        '@NX_class': 'NXentry',
        title: prefix,
        measurement: {
          '@NX_class': 'NXdata',
          '@signal': 'spectra',
          spectra: new Values(data, [size, size, calibration.channels], 'counts'),
          calibration: new Values(Float64Array.of(calibration.zero, calibration.gain, 0), [3], 'keV'),
        },
      },
    });
  };
}

/** A NXtomo scan of a porous core and true slices of it as TIFF. @param mu of what fills the pores (the core's is 1) */
export function tomography(
  prefix: string,
  pores: number,
  mu: number,
  slices: number,
): (output: Output) => Promise<void> {
  return async (output) => {
    const phantom = new Phantom(pores, mu, output.random);
    const { counts, frames, rows, columns, imageKey, angles } = scan(
      phantom,
      { projections: 90, rows: 24, columns: 160 },
      output.random,
    );
    await output.hdf5(`${prefix}.nx`, {
      '@default': 'entry',
      entry: {
        '@NX_class': 'NXentry',
        '@default': 'data',
        definition: 'NXtomo',
        title: prefix,
        instrument: {
          '@NX_class': 'NXinstrument',
          detector: {
            '@NX_class': 'NXdetector',
            data: new Values(counts, [frames, rows, columns], 'counts'),
            image_key: new Values(imageKey, [frames]),
            x_pixel_size: new Values(Float64Array.of(2e-6), [1], 'm'),
            y_pixel_size: new Values(Float64Array.of(2e-6), [1], 'm'),
          },
          beam: { '@NX_class': 'NXbeam', incident_energy: new Values(Float64Array.of(40), [1], 'keV') },
        },
        sample: { '@NX_class': 'NXsample', name: prefix, rotation_angle: new Values(angles, [frames], 'deg') },
        data: {
          '@NX_class': 'NXdata',
          '@signal': 'projections',
          projections: new Values(counts, [frames, rows, columns], 'counts'),
          rotation_angle: new Values(angles, [frames], 'deg'),
        },
      },
    });
    for (let i = 0; i < slices; i++) {
      output.write(
        `${prefix}_slice_${number(i)}.tif`,
        tiff(phantom.slice(columns, 0.3 * ((2 * (i + 0.5)) / slices - 1))),
      );
    }
  };
}

/** Pump-probe scans at several fluences. @param magnetisation time constants in ps */
export function pumpProbe(prefix: string, magnetisation: number[]): (output: Output) => Promise<void> {
  return async (output) => {
    const entries = magnetisation.map((constant, i) => {
      const { delay, reflectivity, kerr } = delayScan(160, constant, output.random);
      const rows = Array.from(delay, (t, k) =>
        [t, reflectivity[k] ?? 0, kerr[k] ?? 0].map((x) => x.toFixed(6)).join(','),
      );
      output.write(`${prefix}_${number(i)}.csv`, `delay_ps,reflectivity,kerr_mrad\n${rows.join('\n')}\n`);
      const data = {
        '@NX_class': 'NXdata',
        '@signal': 'kerr',
        '@axes': ['delay'],
        delay: new Values(delay, [delay.length], 'ps'),
        kerr: new Values(kerr, [delay.length], 'mrad'),
        reflectivity: new Values(reflectivity, [delay.length]),
      };
      return [`scan_${number(i)}`, { '@NX_class': 'NXentry', '@default': 'data', data }] as const;
    });
    await output.hdf5(`${prefix}.h5`, { '@default': 'scan_0000', ...Object.fromEntries(entries) });
  };
}

/** A film of a structure being written. */
export function film(prefix: string, frames: number): (output: Output) => Promise<void> {
  return async (output) => {
    const size = 96;
    await output.hdf5(`${prefix}.h5`, {
      '@default': 'entry',
      entry: {
        '@NX_class': 'NXentry',
        '@default': 'data',
        data: {
          '@NX_class': 'NXdata',
          '@signal': 'frames',
          frames: new Values(writingFrames(frames, size, output.random), [frames, size, size], 'counts'),
        },
      },
    });
  };
}
