import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cubic } from './demo-data/diffraction';

interface Listed {
  proposal: string;
  id: string;
  bytes: number;
}

/** The command itself, as the set-up runs it. */
const demoData = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(__dirname, 'demo-data.ts'), ...words], { encoding: 'utf8' });

/** Mean counts per ring of one pixel's width around the point where the beam hits. */
function radial(edf: Buffer, centreRow: number, centreColumn: number): number[] {
  const start = edf.indexOf('}\n') + 2;
  const sums: number[] = [];
  const pixels: number[] = [];
  for (let row = 0; row < 512; row++) {
    for (let column = 0; column < 512; column++) {
      const r = Math.floor(Math.hypot(row + 0.5 - centreRow, column + 0.5 - centreColumn));
      sums[r] = (sums[r] ?? 0) + edf.readUInt16LE(start + 2 * (row * 512 + column));
      pixels[r] = (pixels[r] ?? 0) + 1;
    }
  }
  return sums.map((sum, r) => sum / (pixels[r] ?? 1));
}

describe('demo data', () => {
  let folder: string;
  let root: string;
  let list: string;
  const read = (path: string): Buffer => readFileSync(join(root, path));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-demo-'));
    root = join(folder, 'proposals');
    const made = demoData(root, '--list');
    expect(made.stderr).toMatch(/^18 datasets, /);
    list = made.stdout;
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is what the committed list says, and small', () => {
    expect(readFileSync(join(__dirname, 'demo-data/datasets.yaml'), 'utf8')).toBe(list);
    const { datasets } = parse(list) as { datasets: Listed[] };
    const perProposal = new Map<string, number>();
    for (const { proposal, bytes } of datasets) perProposal.set(proposal, (perProposal.get(proposal) ?? 0) + bytes);
    expect(perProposal.size).toBe(12);
    expect(Math.max(...perProposal.values())).toBeLessThan(5e6);
    expect(new Set(datasets.map(({ id }) => id)).size).toBe(datasets.length);
  });

  it('can be read by every user', () => {
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
    for (const path of paths) {
      const stat = statSync(join(root, path));
      expect([path, (stat.mode & 0o777).toString(8)]).toEqual([path, stat.isDirectory() ? '755' : '644']);
    }
    expect(paths).toContain('MX_2415/xrf/znt_zn/znt_zn.mca');
  });

  it('is kept when it is there, and the same when it is made again', () => {
    expect(demoData(root).stderr).toBe('the demo data are there already\n');
    const other = join(folder, 'other');
    expect(demoData(other).status).toBe(0);
    for (const path of [
      '20260301/diffraction/weld_a/weld_a_0002.edf',
      '20250208/xrf/paint_1/paint_1.mca',
      '20260303/tomo/sandstone_dry/sandstone_dry_slice_0000.tif',
    ]) {
      expect(readFileSync(join(other, path)).equals(read(path))).toBe(true);
    }
  }, 60_000);

  it('does not touch a folder that holds something else', () => {
    const mine = join(folder, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'thesis.txt'), 'years');
    const refused = demoData(mine);
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tools\/demo-data.ts: .*holds something else than demo data: not touched\n$/);
    expect(readdirSync(mine)).toEqual(['thesis.txt']);
  });

  it('has rings of LaB6 where its geometry puts them', () => {
    const edf = read('20260301/diffraction/lab6/lab6_0000.edf');
    expect(edf.subarray(0, 512).toString('latin1')).toMatch(
      /^\{\n[^}]*DataType = UnsignedShort ;\nDim_1 = 512 ;\nDim_2 = 512 ;/,
    );
    expect(edf.length).toBe(512 + 2 * 512 * 512);
    const poni = Object.fromEntries(
      read('20260301/diffraction/lab6/geometry.poni')
        .toString()
        .split('\n')
        .map((line) => line.split(': ', 2) as [string, string]),
    );
    const distance = Number(poni['Distance']);
    const wavelength = Number(poni['Wavelength']) * 1e10;
    const profile = radial(edf, Number(poni['Poni1']) / 0.0002, Number(poni['Poni2']) / 0.0002);
    for (const { q } of cubic(4.156826, 'primitive', 4.5).slice(0, 4)) {
      const r = (distance * Math.tan(2 * Math.asin((q * wavelength) / (4 * Math.PI)))) / 0.0002;
      const at = Math.floor(r);
      const top = Math.max(...profile.slice(at - 3, at + 4));
      expect(Math.abs(profile.indexOf(top) + 0.5 - r)).toBeLessThan(1.1);
      expect(top).toBeGreaterThan(3 * (profile[at + 12] ?? Infinity));
    }
  });

  it('has the zinc line where the calibration puts it', () => {
    const text = read('MX_2415/xrf/znt_zn/znt_zn.mca').toString();
    const [zero = 0, gain = 0] = (/^#@CALIB (.*)$/m.exec(text)?.[1] ?? '').split(' ').map(Number);
    const counts = (text.split('@A ')[1] ?? '').replaceAll('\\\n', ' ').trim().split(/\s+/).map(Number);
    expect(counts).toHaveLength(2048);
    const smooth = counts.map((_, i) => counts.slice(Math.max(0, i - 4), i + 5).reduce((sum, value) => sum + value, 0));
    const top = smooth.indexOf(Math.max(...smooth));
    expect(zero + gain * top).toBeCloseTo(8.639, 1);
  });

  it('has a NXtomo scan that a reader of HDF5 understands', () => {
    // In a process of its own: h5wasm is an ES module, which jest loads only with a flag.
    const script = `
      import * as h5wasm from 'h5wasm/node';
      await h5wasm.ready;
      const file = new h5wasm.File(process.argv[1], 'r');
      const at = (path) => file.get('entry/' + path);
      console.log(JSON.stringify({
        definition: at('definition').value,
        shape: at('instrument/detector/data').shape,
        projections: [...at('instrument/detector/image_key').value].filter((key) => key === 0).length,
        angles: [...at('sample/rotation_angle').value.slice(4, 7)],
      }));
      file.close();`;
    const scan = join(root, '20260303/tomo/sandstone_dry/sandstone_dry.nx');
    const reader = spawnSync(process.execPath, ['--input-type=module', '-e', script, scan], {
      encoding: 'utf8',
      cwd: __dirname,
    });
    expect(JSON.parse(reader.stdout)).toEqual({
      definition: 'NXtomo',
      shape: [96, 24, 160],
      projections: 90,
      angles: [0, 2, 4],
    });
  });
});
