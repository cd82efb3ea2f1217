/** `npm start`: see HELP in start/options.ts. */
import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { lastWord, StartFault } from './start/fault.ts';
import { noteStart } from './start/folder-lock.ts';
import { HouseServices } from './start/house-services.ts';
import { provideLaterImages } from './start/images.ts';
import { CHECKOUT, layoutOf } from './start/layout.ts';
import { runningMachines, stopMachines } from './start/machines.ts';
import { HELP, readOptions } from './start/options.ts';
import { preflight } from './start/preflight.ts';
import { prepare } from './start/prepare.ts';
import { httpAnswers } from './start/probes.ts';
import { say } from './start/say.ts';
import { publicUrl } from './start/services.ts';
import { welcome } from './start/welcome.ts';

const INTERRUPTED = 130;
const READY_WITHIN_MS = 60_000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env, CHECKOUT);
  if (options.help) return void console.log(HELP);
  await preflight(options.data, options.stopDesktops ? null : options.port);
  // From here on the folder exists; its real path is the one that services are shown.
  const data = realpathSync(options.data);
  const layout = layoutOf(data);
  if (options.stopDesktops) return say(`${desktops(await stopMachines(layout))} ended; the next start settles the records`);

  let services: HouseServices | null = null;
  let ending: Promise<void> | null = null;
  const end = async () => {
    say('stopping the services (Ctrl-C again: at once)');
    await services?.stop();
    const running = runningMachines(layout).length;
    say(
      running === 0
        ? 'stopped; no desktop was running'
        : `stopped; desktops that still run: ${running} (the next npm start on this folder takes them over, ` +
            'npm start -- --stop-desktops ends them)',
    );
    process.exit(0);
  };
  process.on('SIGINT', () => {
    if (ending) {
      services?.kill();
      process.exit(INTERRUPTED);
    }
    ending = end();
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (ending ??= end()));

  try {
    const house = await prepare(CHECKOUT, data, options.port, process.env);
    noteStart(layout.run, publicUrl(options.port));
    services = new HouseServices(house);
    if (ending) return;
    say('starting the services');
    await services.start();
    await untilReady(options.port);
    const adopted = runningMachines(layout).length;
    if (adopted > 0) say(`${desktops(adopted)} of an earlier start taken over`);
    say(welcome(house));
    await provideLaterImages(house, (line) => {
      if (!ending) say(line);
    });
  } catch (error) {
    // Somebody stopped us meanwhile: what failed, failed of that.
    if (ending) return ending;
    services?.kill();
    throw error;
  }
}

function desktops(count: number): string {
  return count === 1 ? '1 desktop' : `${count} desktops`;
}

/** Waits until the whole way from the front to the database works. */
async function untilReady(port: number): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; !(await httpAnswers(port, '/api/ready', port)); await delay(100)) {
    if (Date.now() > end) throw new StartFault(`the portal does not become ready; see the logs of api and front`);
  }
}

main().catch((error: unknown) => {
  const word = lastWord(error);
  console.error(word === null ? error : `npm start: ${word}`);
  process.exit(1);
});
