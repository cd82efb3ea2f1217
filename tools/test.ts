/**
 * `npm test`: every check of the workspace, ending with a line of plain counts.
 *
 *   npm test -- [--only static|unit|e2e]…
 *
 * static: lock file, lint with module boundaries, types, migration drift. unit: the build, and unit, contract and integration
 * tests of all projects. e2e: the guest images, made beside all that, and the journeys in a real browser, each on a whole
 * installation, two at once where the computer has room. A step without tests of its own counts as one.
 */
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sentence, StartFault } from './start/fault.ts';
import { installPackages } from './start/install-packages.ts';
import { CHECKOUT } from './start/layout.ts';
import { GUACD_PACKAGES, START_PACKAGES, TEST_PACKAGES } from './start/system-packages.ts';
import { runStep, runSteps } from './testing/steps.ts';
import type { Counts, Step } from './testing/steps.ts';

const MINUTE = 60_000;
const nx = join(CHECKOUT, 'node_modules/.bin/nx');
const jest = join(CHECKOUT, 'node_modules/.bin/jest');
const node = join(CHECKOUT, 'node_modules/.bin/node');
// Whatever a test left open must not hold up the others.
const counting = [
  '--forceExit',
  '--reporters=default',
  `--reporters=${join(CHECKOUT, 'tools/testing/counts-reporter.cjs')}`,
];
const many = (...targets: string[]): [string, ...string[]] => [nx, 'run-many', '--outputStyle=static', '--skip-nx-cache', '-t', ...targets];

const STEPS: Step[] = [
  { name: 'lock file', part: 'static', command: [node, 'tools/check-lock.ts'], withinMs: MINUTE, jest: false },
  { name: 'lint', part: 'static', command: many('lint'), withinMs: 5 * MINUTE, jest: false },
  { name: 'types', part: 'static', command: many('typecheck'), withinMs: 5 * MINUTE, jest: false },
  { name: 'migration drift', part: 'static', command: [nx, 'run', 'api:migrations-check', '--skip-nx-cache'], withinMs: 3 * MINUTE, jest: false },
  { name: 'build', part: 'unit', command: [node, 'tools/build.ts'], withinMs: 5 * MINUTE, jest: false },
  { name: 'tests', part: 'unit', command: [...many('test'), '--parallel=2', '--', ...counting], withinMs: 20 * MINUTE, jest: true },
  // Before the journeys, which would otherwise make them beside what they watch; downloads and one-sided work leave a core idle.
  ...['tiny', 'desktop-analysis', 'desktop-rdp'].map(
    (image): Step => ({
      name: `image ${image}`,
      part: 'e2e',
      command: [node, 'images/build.ts', image],
      withinMs: 20 * MINUTE,
      jest: false,
      beside: true,
    }),
  ),
  {
    name: 'journeys',
    part: 'e2e',
    command: [jest, '-c', 'e2e/jest.config.cjs', `--maxWorkers=${journeysAtOnce()}`, ...counting],
    withinMs: 55 * MINUTE,
    jest: true,
  },
];

/** Guests are emulated: a second journey goes on while the first one waits, a third would only slow both down. */
function journeysAtOnce(): number {
  const GIB = 1024 ** 3;
  return availableParallelism() >= 2 && totalmem() >= 12 * GIB ? 2 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
  const steps = STEPS.filter(({ part }) => !values.only || values.only.includes(part));
  if (steps.length === 0) throw new StartFault(`--only takes static, unit and e2e, not ${values.only?.join(', ')}`);
  await installPackages([...START_PACKAGES, ...GUACD_PACKAGES, ...TEST_PACKAGES]);
  const total: Counts = { passed: 0, skipped: 0, failures: [] };
  const table: string[] = [];
  for (const { name, counts, seconds } of await runSteps(steps, (step) => runStep(step, CHECKOUT))) {
    total.passed += counts.passed;
    total.skipped += counts.skipped;
    total.failures.push(...counts.failures);
    table.push(`  ${name}: ${counts.passed} passed, ${counts.failures.length} failed, ${seconds} s`);
  }
  console.log(`\n== summary\n${table.join('\n')}`);
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  if (total.failures.length > 0) console.log(`failed:\n${total.failures.map((name) => `  ${name}`).join('\n')}`);
  console.log(`${total.passed} passed, ${total.failures.length} failed`);
  return total.failures.length > 0 || total.passed === 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof StartFault ? `npm test: ${sentence(error)}` : error);
    console.log('0 passed, 1 failed');
    process.exit(1);
  },
);
