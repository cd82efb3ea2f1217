import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { startPostgres } from '../postgres';
import { HELP, readOptions } from './options';
import { goalsOf, type Measured, rowsOf, tableOf } from './report';
import { openSubject, PLACES, type Subject } from './subject';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${HELP}\n`);
  const date = new Date().toISOString();
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryMib: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
  const stop = await startPostgres();
  const subjects: Subject[] = [];
  try {
    for (const [name, locked] of [
      ['beamdesk', true],
      ['without locks', false],
    ] as const) {
      subjects.push(await openSubject(name, options.people, locked));
    }
    const measured = await measure(subjects, options.runs);
    const [ours] = measured;
    const [rows, goals] = [rowsOf(measured), ours ? goalsOf(ours, PLACES) : []];
    process.stdout.write(`${tableOf(rows, goals)}\n`);
    if (options.json !== null) {
      const report = { name: 'quota', date, machine, rows, goals };
      writeFileSync(resolve(process.env['INIT_CWD'] ?? '.', options.json), `${JSON.stringify(report, null, 2)}\n`);
    }
  } finally {
    for (const subject of subjects) await subject.close();
    await stop();
  }
}

/** In turn, round by round, so that whatever else the machine does meets both ways alike. The first rounds do not count. */
async function measure(subjects: Subject[], runs: number): Promise<Measured[]> {
  const measured = subjects.map((subject) => ({
    subject,
    name: subject.name,
    rounds: [] as Measured['rounds'][number][],
  }));
  for (let i = 0; i <= runs; i++) {
    for (const { subject, rounds } of measured) {
      const one = await subject.round();
      say(`${subject.name}: ${one.granted} granted, the last answer after ${Math.round(Math.max(...one.times))} ms`);
      if (i > 0) rounds.push(one);
    }
  }
  return measured.map(({ name, rounds }) => ({ name, rounds }));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`bench:quota: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
