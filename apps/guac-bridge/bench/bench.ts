/** `npm run bench:bridge`: see HELP in options.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { BenchGuacd } from './fake-guacd.ts';
import { BenchPortal } from './fake-portal.ts';
import { measure } from './measure.ts';
import { HELP, readOptions } from './options.ts';
import type { Options } from './options.ts';
import { goalsOf, tableOf } from './report.ts';
import type { Row } from './report.ts';
import { buildBridge } from './subjects.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const date = new Date().toISOString();
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryMib: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
  const rows = await measureAll(options);
  const goals = goalsOf(rows, options.sessions);
  process.stdout.write(`${tableOf(rows, goals)}\n`);
  if (options.json !== null) {
    const report = { name: 'bridge', date, machine, rows, goals };
    writeFileSync(resolve(options.json), `${JSON.stringify(report, null, 2)}\n`);
  }
}

async function measureAll(options: Options): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bridge-'));
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, 'secret-of-the-benchmark', { mode: 0o600 });
  const guacd = await BenchGuacd.start();
  const portal = await BenchPortal.start(guacd.port);
  const around = { guacdPort: guacd.port, portalPort: portal.port, secretFile, bridge: await buildBridge() };
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const rows: Row[] = [];
  try {
    for (const name of options.cases) {
      rows.push(...(await measure(name, { guacd, around, options, say })));
    }
    return rows;
  } finally {
    guacd.stop();
    portal.stop();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`bench:bridge: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
