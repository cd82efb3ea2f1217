import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherConfig, parseIdRanges, parseRunAs } from './launcher-config';
import { memoryFigures } from './figures';
import { proveKvm } from './kvm-probe';

const meminfo = 'MemTotal:       8388608 kB\nMemFree:         100 kB\nMemAvailable:    4194304 kB\n';

describe('what the host has', () => {
  it('is what the kernel says is available', () => {
    expect(memoryFigures(meminfo, '0::/', '/nonexistent')).toEqual({ totalMib: 8192, availableMib: 4096 });
  });

  it('is less where a control group above us allows less', () => {
    const root = mkdtempSync(join(tmpdir(), 'cgroup-'));
    mkdirSync(join(root, 'site', 'beamdesk'), { recursive: true });
    writeFileSync(join(root, 'site', 'memory.max'), String(2048 * 1024 * 1024));
    writeFileSync(join(root, 'site', 'memory.current'), String(512 * 1024 * 1024));
    writeFileSync(join(root, 'site', 'beamdesk', 'memory.max'), 'max\n');
    expect(memoryFigures(meminfo, '0::/site/beamdesk', root)).toEqual({ totalMib: 2048, availableMib: 1536 });
    rmSync(root, { recursive: true });
  });
});

describe('hardware virtualisation', () => {
  const config = (accelerator: LauncherConfig['accelerator']): LauncherConfig => ({
    ...{ machinesDir: '/x', templatesDir: null, scratchDir: '/x', imageRoots: [], dataRoots: [], confine: null, clientGid: null, runAs: null },
    ...{ allowedIds: [], accelerator },
  });

  it('is not assumed: without a proof it is emulation, with the reason', async () => {
    expect(await proveKvm(config('auto'))).toMatchObject({ accelerator: 'tcg', warning: expect.stringMatching(/emulated/) });
  });

  it('is forced either way by the setting', async () => {
    expect(await proveKvm(config('tcg'))).toEqual({ accelerator: 'tcg', warning: null, final: true });
    expect(await proveKvm(config('kvm'))).toEqual({ accelerator: 'kvm', warning: null, final: true });
  });
});

describe('the launcher’s settings', () => {
  it('read numbers and ranges', () => {
    expect(parseIdRanges('64106, 5000-5999')).toEqual([{ from: 64106, to: 64106 }, { from: 5000, to: 5999 }]);
    expect(parseRunAs('64106:64107')).toEqual({ uid: 64106, gid: 64107, groups: [] });
  });

  it.each(['root', '1-', '-1', '5,x'])('refuse %s as ids', (text) => expect(() => parseIdRanges(text)).toThrow());
  it.each(['0:0', '64106', 'a:b', '64106:0'])('refuse %s to run as', (text) => expect(() => parseRunAs(text)).toThrow());
});
