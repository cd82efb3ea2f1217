import { HypervisorError } from '../errors';
import { secureConsole, startFailure } from './console';
import { Launcher } from './launcher/launcher';
import { livesAs } from './launcher/processes';
import { textOf } from './launcher/refusals';
import { MachineLink } from './machine-link';
import { MachineStore } from './machine-store';
import { MachineRecord } from './record';

/**
 * Brings a machine's process up: start it, wait for QMP, give the console its password and check the port is its own, then let the guest run.
 * The record is written before and after every step that a crash must not hide. Does not clean up when it fails.
 */
export async function bringUp(
  record: MachineRecord,
  password: string,
  parts: { store: MachineStore; launcher: Launcher; link: MachineLink; startMs: number },
): Promise<MachineRecord> {
  const { store, launcher, link, startMs } = parts;
  const { id, console } = record.order;
  const started = await launcher.spawn(record.order);
  const running: MachineRecord = { ...record, ...started, exit: null, notice: null, personalised: null };
  await store.write(running);
  for (const end = Date.now() + startMs; ; await pause()) {
    try {
      await link.connect(true);
      break;
    } catch (error) {
      if (!livesAs(id, started.process)) throw startFailure(id, await store.logTail(id));
      if (Date.now() > end) throw new HypervisorError('The desktop could not be started.', 'start-failed', textOf(error));
    }
  }
  const qmp = await link.control();
  await secureConsole(qmp, console, password);
  await qmp.execute('cont');
  const made: MachineRecord = { ...running, phase: 'made' };
  await store.write(made);
  return made;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 25));
