import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { OWN } from './full-catalogue';
import { HELP, readOptions } from './options';
import { startPostgres } from './postgres';
import { goalsOf, type Measured, rowsOf, tableOf } from './report';
import { openSubject, type Subject } from './subject';

/** Requests of each case that do not count. */
const WARM_UP = 50;

/** What is asked for; `all`: every proposal of the person is on some page of it. */
const CASES = [
  { name: 'first page', query: '', all: true },
  { name: 'last page', query: `?offset=${OWN - 20}`, all: true },
  { name: 'by title', query: '?sort=title&offset=500', all: true },
  { name: 'favourites first', query: '?sort=favourites', all: true },
  { name: 'search', query: '?search=Iron%20diffr', all: false },
  { name: 'search, no match', query: '?search=iron%20neutrino', all: false },
];

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
    for (const size of options.sizes) {
      say(`filling a catalogue of ${size}`);
      subjects.push(await openSubject(size));
    }
    const measured: Measured[] = [];
    for (const one of CASES) {
      say(`${one.name}: ${options.runs} requests of each size`);
      measured.push(...(await measure(subjects, one, options.runs)));
    }
    const [rows, goals] = [rowsOf(measured), goalsOf(measured)];
    process.stdout.write(`${tableOf(rows, goals)}\n`);
    if (options.json !== null) {
      const report = { name: 'proposals', date, machine, rows, goals };
      writeFileSync(resolve(process.env['INIT_CWD'] ?? '.', options.json), `${JSON.stringify(report, null, 2)}\n`);
    }
  } finally {
    for (const subject of subjects) await subject.close();
    await stop();
  }
}

/** In turn, request by request, so that whatever else the machine does meets all sizes alike. */
async function measure(subjects: Subject[], one: (typeof CASES)[number], runs: number): Promise<Measured[]> {
  const measured = subjects.map((subject) => ({ subject, times: [] as number[] }));
  for (let i = 0; i < WARM_UP + runs; i++) {
    for (const { subject, times } of measured) {
      const { ms, total, shown } = await subject.list(one.query);
      if (one.all && (total !== OWN || shown !== 20)) throw new Error(`${one.name}: ${shown} of ${total} proposals`);
      if (i >= WARM_UP) times.push(ms);
    }
  }
  return measured.map(({ subject, times }) => ({ case: one.name, size: subject.size, times }));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`bench:proposals: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
