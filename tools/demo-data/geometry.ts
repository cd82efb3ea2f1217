/** Planck's constant times the speed of light, in keV·Å. */
export const hc = 12.398419843320026;

/** A flat detector across the beam; lengths in metres, wavelength in Å. Axis 1 runs down the rows, 2 along a row. */
export interface Geometry {
  distance: number;
  poni1: number;
  poni2: number;
  pixel: number;
  width: number;
  height: number;
  wavelength: number;
}

/** The geometry as pyFAI keeps it. */
export function poniFile(geometry: Geometry): string {
  const detector = {
    pixel1: geometry.pixel,
    pixel2: geometry.pixel,
    max_shape: [geometry.height, geometry.width],
  };
  return [
    '# Axis 1 runs down the rows, axis 2 along a row; lengths in metres, angles in radian.',
    'poni_version: 2',
    'Detector: Detector',
    `Detector_config: ${JSON.stringify(detector)}`,
    `Distance: ${geometry.distance}`,
    `Poni1: ${geometry.poni1}`,
    `Poni2: ${geometry.poni2}`,
    'Rot1: 0.0',
    'Rot2: 0.0',
    'Rot3: 0.0',
    `Wavelength: ${(geometry.wavelength * 1e-10).toExponential(9)}`,
    '',
  ].join('\n');
}

/** Distance of a pixel's centre from the beam, in metres, and its direction in radian. */
export function polar(geometry: Geometry, row: number, column: number): { radius: number; azimuth: number } {
  const y = (row + 0.5) * geometry.pixel - geometry.poni1;
  const x = (column + 0.5) * geometry.pixel - geometry.poni2;
  return { radius: Math.hypot(x, y), azimuth: Math.atan2(y, x) };
}

/** Modulus of the scattering vector, in 1/Å, at a distance from the beam on the detector. */
export function qOf(geometry: Geometry, radius: number): number {
  return ((4 * Math.PI) / geometry.wavelength) * Math.sin(Math.atan2(radius, geometry.distance) / 2);
}
