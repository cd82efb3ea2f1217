import { measureEcho } from './echo.ts';
import type { BenchGuacd } from './fake-guacd.ts';
import { measureIdleSessions } from './idle-sessions.ts';
import type { CaseName, Options } from './options.ts';
import { median, row } from './report.ts';
import type { Metric, Row } from './report.ts';
import { measureSlowReader } from './slow-reader.ts';
import { startEchoingGuacd, startSubject, SUBJECTS } from './subjects.ts';
import type { Subject, SubjectName, Surroundings } from './subjects.ts';
import { measureThroughput } from './throughput.ts';
import type { Throughput } from './throughput.ts';
import { busyMoment, MIXES } from './workload.ts';
import type { Mix } from './workload.ts';

const BLOCK_BYTES = 1_000_000;
const BLOCKS = 300;
/** A bridge lives for months: what its first moments cost beyond that (compiling its code) is not what it costs. */
const WARM_UP_BLOCKS = 100;
const SLOW_SECONDS = 8;
/** Ways that are not ours need not hold more than what a figure takes. */
const SESSIONS_OF_OTHERS = 1_000;

/** One run of the benchmark: what it needs, and who hears how it goes. */
export interface Run {
  readonly guacd: BenchGuacd;
  readonly around: Surroundings;
  readonly options: Options;
  readonly say: (text: string) => void;
}

/** All rows of one case. */
export function measure(name: CaseName, run: Run): Promise<Row[]> {
  switch (name) {
    case 'throughput':
      return throughput(run);
    case 'echo':
      return echo(run);
    case 'slow-reader':
      return slowReader(run);
    case 'idle':
      return idle(run);
  }
}

async function throughput(run: Run): Promise<Row[]> {
  const through = (mix: Mix) => {
    const block = busyMoment(BLOCK_BYTES, mix);
    const send = (blocks: number) => (subject: Subject) => measureThroughput(subject, run.guacd, block, blocks);
    return inTurn(run, 'throughput', send(BLOCKS), send(WARM_UP_BLOCKS));
  };
  const pictures = await through(MIXES.pictures);
  const mixed = await through(MIXES.mixed);
  const text = await through(MIXES.text);
  return [...throughputRows(pictures), ...cpuRows('cpu, mixed', mixed), ...cpuRows('cpu, small instructions', text)];
}

/** The shorter the instructions, the more has a relay to do that looks at each. */
function cpuRows(metric: Metric, all: Map<SubjectName, Throughput[]>): Row[] {
  return [...all]
    .filter(([name]) => name !== 'direct')
    .map(([name, runs]) =>
      row(
        name,
        metric,
        runs.map(({ cpuSeconds, bytes }) => cpuSeconds / (bytes / 1e9)),
      ),
    );
}

function throughputRows(all: Map<SubjectName, Throughput[]>): Row[] {
  return [...all].flatMap(([name, runs]): Row[] => {
    const of = (figure: (one: Throughput) => number): number[] => runs.map(figure);
    const rows = [
      row(
        name,
        'throughput',
        of(({ bytes, seconds }) => bytes / 1e6 / seconds),
      ),
    ];
    if (name === 'direct') {
      return rows;
    }
    rows.push(
      row(
        name,
        'cpu, pictures',
        of(({ cpuSeconds, bytes }) => cpuSeconds / (bytes / 1e9)),
      ),
    );
    rows.push(
      row(
        name,
        'bytes sent',
        of(({ bytes }) => bytes / 1e6),
      ),
    );
    // The worst run, not the one in the middle: a single cut frame breaks a browser.
    return name === 'tcp relay' ? rows : [...rows, row(name, 'cut frames', [Math.max(...of((one) => one.cutFrames))])];
  });
}

async function echo(run: Run): Promise<Row[]> {
  const guacd = await startEchoingGuacd();
  const around = { ...run.around, guacdPort: guacd.port };
  const all = await inTurn({ ...run, around }, 'echo', measureEcho).finally(() => guacd.stop());
  const direct = all.get('direct') ?? [];
  return [...all].flatMap(([name, runs]): Row[] => [
    row(name, 'echo p50', runs),
    ...(name === 'direct' ? [] : [row(name, 'echo p50 added', [median(runs) - median(direct)])]),
  ]);
}

async function slowReader(run: Run): Promise<Row[]> {
  const block = busyMoment(BLOCK_BYTES, MIXES.pictures);
  return eachRelay(run, 'slow-reader', async (subject, relay) => {
    const { peakOverIdle } = await measureSlowReader(subject, relay, run.guacd, block, SLOW_SECONDS);
    return [row(subject.name, 'slow reader over idle', [peakOverIdle / 1e6])];
  });
}

async function idle(run: Run): Promise<Row[]> {
  return eachRelay(run, 'idle', async (subject, relay) => {
    const { sessions } = run.options;
    const wanted = subject.name === 'bridge' ? sessions : Math.min(sessions, SESSIONS_OF_OTHERS);
    const { held, bytesEach } = await measureIdleSessions(subject, relay, run.guacd, wanted);
    return [row(subject.name, 'idle session', [bytesEach / 1e3]), row(subject.name, 'idle sessions', [held])];
  });
}

/** All ways in turn, as often as there are runs, so that a busy moment of the computer meets them all; warm-ups don't count. */
async function inTurn<T>(
  { around, options, say }: Run,
  name: CaseName,
  look: (subject: Subject) => Promise<T>,
  warmUp?: (subject: Subject) => Promise<T>,
): Promise<Map<SubjectName, T[]>> {
  const subjects: Subject[] = [];
  try {
    for (const one of SUBJECTS) {
      subjects.push(await startSubject(one, around));
    }
    if (warmUp) {
      for (const subject of subjects) {
        await warmUp(subject);
      }
    }
    const figures = new Map<SubjectName, T[]>(SUBJECTS.map((one) => [one, []]));
    for (let run = 1; run <= options.runs; run++) {
      say(`${name}: ${run} of ${options.runs}`);
      for (const subject of subjects) {
        figures.get(subject.name)?.push(await look(subject));
      }
    }
    return figures;
  } finally {
    await Promise.all(subjects.map(({ relay }) => relay?.stop()));
  }
}

/** Every relay for itself, just started: the memory it had before counts as idle. */
async function eachRelay(
  { around, say }: Run,
  name: CaseName,
  look: (subject: Subject, relay: NonNullable<Subject['relay']>) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of SUBJECTS) {
    const subject = await startSubject(one, around);
    if (subject.relay) {
      say(`${name}: ${one}`);
      try {
        rows.push(...(await look(subject, subject.relay)));
      } finally {
        await subject.relay.stop();
      }
    }
  }
  return rows;
}
