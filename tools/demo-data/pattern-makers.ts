import type { Output } from './dataset.ts';
import { crystalFrame, powderFrame, type PowderLook } from './diffraction.ts';
import { edf } from './edf.ts';
import { hc, poniFile, type Geometry } from './geometry.ts';
import { smallAngleFrame, type SmallAngleLook } from './scattering.ts';

/** Frame and slice numbers as beamlines write them. */
export const number = (i: number): string => String(i).padStart(4, '0');

/** ID11: 512 × 512 pixels of 0.2 mm. @param energy keV @param distance m */
export const diffractometer = (energy: number, distance: number): Geometry => ({
  distance,
  poni1: 0.0498,
  poni2: 0.0521,
  pixel: 0.0002,
  width: 512,
  height: 512,
  wavelength: hc / energy,
});

/** N3: 128 × 128 pixels of 7.5 mm. @param wavelength Å @param distance m */
export const neutronCamera = (wavelength: number, distance: number): Geometry => ({
  distance,
  poni1: 0.478,
  poni2: 0.485,
  pixel: 0.0075,
  width: 128,
  height: 128,
  wavelength,
});

export function powder(prefix: string, geometry: Geometry, looks: PowderLook[]): (output: Output) => void {
  return (output) => {
    looks.forEach((look, i) => {
      const header = { title: prefix, exposure_time: 1, wavelength: `${geometry.wavelength.toFixed(6)} A` };
      output.write(`${prefix}_${number(i)}.edf`, edf(powderFrame(geometry, look, output.random), header));
    });
    output.write('geometry.poni', poniFile(geometry));
  };
}

export function crystal(prefix: string, geometry: Geometry, frames: number): (output: Output) => void {
  return (output) => {
    for (let i = 0; i < frames; i++) {
      const header = { title: prefix, oscillation: '0.1 deg', omega: `${(i * 0.1).toFixed(1)} deg` };
      output.write(`${prefix}_${number(i)}.edf`, edf(crystalFrame(geometry, 260, output.random), header));
    }
    output.write('geometry.poni', poniFile(geometry));
  };
}

export function smallAngle(prefix: string, geometry: Geometry, looks: SmallAngleLook[]): (output: Output) => void {
  return (output) => {
    looks.forEach((look, i) => {
      output.write(
        `${prefix}_${number(i)}.edf`,
        edf(smallAngleFrame(geometry, look, output.random), { title: prefix }),
      );
    });
    output.write('geometry.poni', poniFile(geometry));
  };
}
