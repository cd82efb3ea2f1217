import { cubic, lamellar, type PowderLook } from './diffraction.ts';
import type { DemoDataset } from './dataset.ts';
import * as make from './makers.ts';
import * as pattern from './pattern-makers.ts';

const hard = pattern.diffractometer(65, 0.35);
const soft = pattern.diffractometer(12, 0.6);
const crystalCamera = pattern.diffractometer(12.7, 0.12);
const near = pattern.neutronCamera(6, 2.5);
const far = pattern.neutronCamera(6, 8);

/** NIST SRM 660: the edge of LaB6, Å. */
const lab6 = 4.156826;
const ring = (reflections: PowderLook['reflections'], more: Partial<PowderLook> = {}): PowderLook => ({
  reflections,
  width: 0.018,
  peak: 900,
  background: 60,
  ...more,
});
const aluminium = cubic(4.0495, 'face', 9);
const nickel = cubic(3.5238, 'face', 9);
const wormlike = { gyration: 160, exponent: 1.7, forward: 900, flat: 2 };
const chain = { gyration: 38, exponent: 2, forward: 380, flat: 6 };

/** Every dataset of the demo facility. Names, samples and values of edges and lines are real, measurements are not. */
export const demoDatasets: DemoDataset[] = [
  {
    proposal: '20260301',
    id: 'lum-1001',
    name: 'LaB6, detector calibration at 65 keV',
    folder: 'diffraction/lab6',
    technique: 'diffraction',
    sample: 'LaB6',
    createdAt: '2026-03-10T09:12:00Z',
    make: pattern.powder('lab6', hard, [ring(cubic(lab6, 'primitive', 9))]),
  },
  {
    proposal: '20260301',
    id: 'lum-1002',
    name: 'Weld A, three depths, before ageing',
    folder: 'diffraction/weld_a',
    technique: 'diffraction',
    sample: 'Al-Li weld A',
    createdAt: '2026-03-11T02:40:00Z',
    make: pattern.powder(
      'weld_a',
      hard,
      [0.0008, 0.0021, 0.0034].map((strain) => ring(aluminium, { strain, spotty: 0.25 })),
    ),
  },
  {
    proposal: '20260302',
    id: 'lum-1011',
    name: 'Leaf, wild type, point and map',
    folder: 'xrf/leaf_wild_type',
    technique: 'xrf',
    sample: 'A. halleri leaf, wild type',
    createdAt: '2026-04-21T14:05:00Z',
    make: async (output) => {
      make.mca('leaf_wild_type', { K: 42000, Ca: 68000, Mn: 5200, Fe: 21000, Cu: 9800, Zn: 88000 }, 17)(output);
      await make.map('leaf_wild_type_map', { Ca: 300, Fe: 140, Cu: 60, Zn: 520 }, 12.5)(output);
    },
  },
  {
    proposal: '20260302',
    id: 'lum-1012',
    name: 'Leaf, hma4 mutant',
    folder: 'xrf/leaf_hma4',
    technique: 'xrf',
    sample: 'A. halleri leaf, hma4',
    createdAt: '2026-04-22T06:31:00Z',
    make: make.mca('leaf_hma4', { K: 47000, Ca: 71000, Mn: 5600, Fe: 24000, Cu: 10400, Zn: 12500 }, 17),
  },
  {
    proposal: '20260303',
    id: 'lum-1021',
    name: 'Sandstone core, dry',
    folder: 'tomo/sandstone_dry',
    technique: 'tomo',
    sample: 'Vosges sandstone',
    createdAt: '2026-05-05T11:20:00Z',
    make: make.tomography('sandstone_dry', 70, -0.95, 6),
  },
  {
    proposal: '20260303',
    id: 'lum-1022',
    name: 'Sandstone core, wet, at −8 °C',
    folder: 'tomo/sandstone_frozen',
    technique: 'tomo',
    sample: 'Vosges sandstone',
    createdAt: '2026-09-15T17:48:00Z',
    make: make.tomography('sandstone_frozen', 70, -0.6, 3),
  },
  {
    proposal: '20260304',
    id: 'lum-1031',
    name: 'CPyCl micelles, four shear rates',
    folder: 'sans/micelles_shear',
    technique: 'sans',
    sample: 'CPyCl 10 %',
    createdAt: '2026-06-16T20:15:00Z',
    make: pattern.smallAngle(
      'micelles',
      far,
      [0, 0.3, 0.55, 0.75].map((alignment) => ({ ...wormlike, alignment, peak: { q: 0.028, strength: 0.2 } })),
    ),
  },
  {
    proposal: '20260311',
    id: 'lum-1041',
    name: 'FeRh film, pump-probe at three fluences',
    folder: 'laser/ferh_delay',
    technique: 'laser',
    sample: 'FeRh 40 nm on MgO',
    createdAt: '2026-03-24T13:02:00Z',
    make: make.pumpProbe('ferh_delay', [38, 52, 90]),
  },
  {
    proposal: '20260312',
    id: 'lum-1051',
    name: 'LaB6, detector calibration at 65 keV',
    folder: 'diffraction/lab6',
    technique: 'diffraction',
    sample: 'LaB6',
    createdAt: '2026-05-19T08:50:00Z',
    make: pattern.powder('lab6', hard, [ring(cubic(lab6, 'primitive', 9))]),
  },
  {
    proposal: '20260312',
    id: 'lum-1052',
    name: 'Na(Fe,Mn)O2 cell, three states of charge',
    folder: 'diffraction/cathode_operando',
    technique: 'diffraction',
    sample: 'pouch cell 7',
    createdAt: '2026-05-19T22:10:00Z',
    make: pattern.powder(
      'cathode',
      hard,
      [5.36, 5.44, 5.61].map((d) =>
        ring([...lamellar(d, 4), ...aluminium.map((r) => ({ ...r, weight: r.weight * 0.5 }))], { width: 0.024 }),
      ),
    ),
  },
  {
    proposal: '20260313',
    id: 'lum-1061',
    name: 'α-Synuclein among albumin, 20 to 200 mg/ml',
    folder: 'sans/synuclein',
    technique: 'sans',
    sample: 'α-synuclein in d-BSA',
    createdAt: '2026-10-06T18:33:00Z',
    make: pattern.smallAngle(
      'synuclein',
      near,
      [38, 35, 31].map((gyration) => ({ ...chain, gyration })),
    ),
  },
  {
    proposal: '20250207',
    id: 'lum-0901',
    name: 'Nickel superalloy, creep at 0 and 40 h',
    folder: 'diffraction/creep',
    technique: 'diffraction',
    sample: 'specimen 3',
    createdAt: '2025-02-18T10:25:00Z',
    make: pattern.powder(
      'creep',
      hard,
      [0, 0.0027].map((strain) => ring(nickel, { strain, spotty: 0.8 })),
    ),
  },
  {
    proposal: '20250208',
    id: 'lum-0911',
    name: 'Paint sample 1, point and map',
    folder: 'xrf/paint_1',
    technique: 'xrf',
    sample: 'still life, sample 1',
    createdAt: '2025-03-04T15:44:00Z',
    make: async (output) => {
      make.mca('paint_1', { Ca: 38000, Fe: 17000, Cu: 26000, As: 9000, Hg: 41000, Pb: 96000 }, 19.5)(output);
      await make.map('paint_1_map', { Ca: 220, Fe: 180, Cu: 260, Hg: 240, Pb: 420 }, 12.7)(output);
    },
  },
  {
    proposal: '20250915',
    id: 'lum-0951',
    name: 'Solid electrolyte pellet, under 50 MPa',
    folder: 'tomo/electrolyte_50mpa',
    technique: 'tomo',
    sample: 'Li6PS5Cl pellet',
    createdAt: '2025-09-23T12:00:00Z',
    make: make.tomography('electrolyte', 45, -1, 4),
  },
  {
    proposal: '20250915',
    id: 'lum-0952',
    name: 'Silver behenate, calibration at 12 keV',
    folder: 'diffraction/agbh',
    technique: 'diffraction',
    sample: 'silver behenate',
    createdAt: '2025-09-25T09:30:00Z',
    make: pattern.powder('agbh', soft, [ring(lamellar(58.38, 8), { width: 0.0016, background: 25 })]),
  },
  {
    proposal: '20251101',
    id: 'lum-0971',
    name: 'Gyroid lattice, film of the writing',
    folder: 'laser/gyroid',
    technique: 'laser',
    sample: 'lattice 12',
    createdAt: '2025-11-18T16:20:00Z',
    make: make.film('gyroid', 40),
  },
  {
    proposal: 'MX/2415',
    id: 'lum-1071',
    name: 'ZnT crystal 4, two frames',
    folder: 'diffraction/znt_crystal_4',
    technique: 'diffraction',
    sample: 'ZnT crystal 4',
    createdAt: '2026-02-03T11:11:00Z',
    make: pattern.crystal('znt', crystalCamera, 2),
  },
  {
    proposal: 'MX/2415',
    id: 'lum-1072',
    name: 'Fluorescence at the zinc edge',
    folder: 'xrf/znt_zn',
    technique: 'xrf',
    sample: 'ZnT crystal 4',
    createdAt: '2026-02-03T11:40:00Z',
    make: make.mca('znt_zn', { Ca: 3000, Fe: 2100, Ni: 5200, Cu: 1500, Zn: 64000 }, 12.7),
  },
];
