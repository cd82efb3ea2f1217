/** `npm run bench:launch`: see HELP in launch-options.ts. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TemplateView } from '@beamdesk/contracts';
import { TINY_SITE } from '../fixtures/tiny-site.ts';
import { Installation } from '../harness/installation.ts';
import { PortalClient } from '../harness/portal-client.ts';
import { settledTemplates } from '../harness/templates.ts';
import { acceleratorOf, describeHost } from './host.ts';
import { HELP, readLaunchOptions } from './launch-options.ts';
import type { LaunchOptions } from './launch-options.ts';
import { figuresOf, goalsOf, rowsOf, tableOf } from './launch-report.ts';
import type { Figure, Report } from './launch-report.ts';
import { measureLaunch, runBeside } from './launch-run.ts';
import type { Launch } from './launch-run.ts';

/** A first start may have to build the image. */
const START_WITHIN_MS = 1_800_000;
const TEMPLATES_WITHIN_MS = 1_200_000;

async function main(): Promise<void> {
  const options = readLaunchOptions(process.argv.slice(2));
  if (options.help) return void console.log(HELP);
  const host = describeHost();
  const env = options.image === 'tiny' ? TINY_SITE : {};
  const cold = options.cases.includes('cold');
  const off = { ...env, TEMPLATES: 'off' };
  const installation = await Installation.start({ env: cold ? off : env, readyWithinMs: START_WITHIN_MS, say });
  const end = () => void installation.remove().finally(() => process.exit(130));
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const launches = await runCases(installation, options, env);
    const [, some] = [...launches][0] ?? [];
    const figures = [...launches].flatMap(([name, done]): Figure[] => figuresOf(name, done));
    const templates = options.cases.some((one) => one !== 'cold') ? await templatesOf(installation) : [];
    const report: Report = {
      name: 'launch',
      date: new Date().toISOString(),
      machine: { ...host, accelerator: acceleratorOf(some?.[0]?.argv ?? []), image: options.image },
      rows: rowsOf(figures, templates),
      goals: goalsOf(figures),
    };
    const { cores, processor, qemu, accelerator, loadBefore, image } = report.machine;
    console.log(
      `\n${image} on ${cores} cores (${processor}), QEMU ${qemu} ${accelerator}, load before ${loadBefore.toFixed(2)}`,
    );
    console.log(`milliseconds since the click; ${options.n} launches a case; memory 10 s after READY, in 10⁶ bytes`);
    console.log(tableOf(figures, report.rows, report.goals));
    if (options.json)
      writeFileSync(resolve(process.env['INIT_CWD'] ?? '.', options.json), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await installation.remove();
  }
}

/** One case after the other; those with copies on a second start of the same folder, once all templates are built. */
async function runCases(
  installation: Installation,
  { n, cases }: LaunchOptions,
  env: Record<string, string>,
): Promise<Map<string, Launch[]>> {
  const launches = new Map<string, Launch[]>();
  if (cases.includes('cold')) {
    launches.set('cold', await repeat(installation, n, 'cold'));
    if (cases.length === 1) return launches;
    await installation.stop();
    await installation.up({ ...env, TEMPLATES: 'on' });
  }
  say('waiting for the templates');
  await templatesOf(installation);
  if (cases.includes('clone')) launches.set('clone', await repeat(installation, n, 'clone'));
  if (cases.includes('beside')) {
    await besideThree(installation);
    launches.set('clone beside 3', await repeat(installation, n, 'clone'));
  }
  return launches;
}

async function repeat(installation: Installation, n: number, path: 'cold' | 'clone'): Promise<Launch[]> {
  const client = await PortalClient.signIn(installation.url, 'ada');
  const [key] = await client.proposalKeys();
  if (key === undefined) throw new Error('ada has no proposal');
  const events = await client.events();
  const launches: Launch[] = [];
  for (let i = 0; i < n; i++) {
    const launch = await measureLaunch({ installation, client, events }, key, path);
    launches.push(launch);
    say(`${path} ${i + 1} of ${n}: first picture after ${Math.round(launch.phases.picture)} ms`);
  }
  events.close();
  return launches;
}

/** Two of Bo's and one of Chen's: nobody's quota is touched. */
async function besideThree({ url }: Installation): Promise<void> {
  say('starting 3 desktops to run beside');
  const [bo, chen] = [await PortalClient.signIn(url, 'bo'), await PortalClient.signIn(url, 'chen')];
  const [first = '', second = ''] = await bo.proposalKeys();
  const [third = ''] = await chen.proposalKeys();
  await runBeside(
    [bo, chen],
    [
      [bo, first],
      [bo, second],
      [chen, third],
    ],
  );
}

async function templatesOf({ url }: Installation): Promise<TemplateView[]> {
  return settledTemplates(await PortalClient.signIn(url, 'farid'), TEMPLATES_WITHIN_MS);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? `bench:launch: ${error.message}` : error);
    process.exit(1);
  },
);
