import { HypervisorError } from '../errors';
import { secureConsole, startFailure } from './console';
import { Launcher } from './launcher/launcher';
import { livesAs } from './launcher/processes';
import { refused, textOf } from './launcher/refusals';
import { MachineLink } from './machine-link';
import { MachineStore } from './machine-store';
import { QmpClient } from './qmp-client';
import { MachineRecord } from './record';

export interface StarterParts {
  store: MachineStore;
  launcher: Launcher;
  link: MachineLink;
  startMs: number;
  wakeMs: number;
}

/**
 * Brings a machine's process up: start it, wait for QMP, take in a template's state where it is a copy, give the console its password and check
 * the port is its own, then let the guest run; a copy must be heard then, or it is none. The record is written before and after
 * every step that a crash must not hide. Does not clean up when it fails.
 */
export async function bringUp(record: MachineRecord, password: string, parts: StarterParts): Promise<MachineRecord> {
  const { store, launcher, link, wakeMs } = parts;
  const { id, console } = record.order;
  for (const address of record.order.gpus) await launcher.gpuBind(address);
  const { stateUri, ...started } = await launcher.spawn(record.order, record.path === 'clone');
  const running: MachineRecord = { ...record, ...started, exit: null, notice: null, personalised: null };
  const alive = async () => {
    if (!livesAs(id, started.process)) throw startFailure(id, await store.logTail(id));
  };
  await store.write(running);
  for (const end = Date.now() + parts.startMs; ; await pause(10)) {
    try {
      await link.connect(true);
      break;
    } catch (error) {
      await alive();
      if (Date.now() > end) throw new HypervisorError('The desktop could not be started.', 'start-failed', textOf(error));
    }
  }
  const qmp = await link.control();
  if (stateUri !== null) await resume(qmp, stateUri, alive, parts.startMs);
  await secureConsole(qmp, console, password);
  await qmp.execute('cont');
  if (stateUri !== null) await link.agentClient?.heard(wakeMs);
  const made: MachineRecord = { ...running, phase: 'made' };
  await store.write(made);
  return made;
}

/** Takes in the saved state; the memory is there already. The guest stands still afterwards (docs/devel/migration in QEMU's sources). */
async function resume(qmp: QmpClient, uri: string, alive: () => Promise<void>, withinMs: number): Promise<void> {
  await qmp.execute('migrate-set-capabilities', { capabilities: [{ capability: 'x-ignore-shared', state: true }] });
  await qmp.execute('migrate-incoming', { uri });
  for (const end = Date.now() + withinMs; ; await pause(2)) {
    const { status } = (await qmp.execute('query-status')) as { status?: unknown };
    if (status === 'paused' || status === 'prelaunch') return;
    if (status !== 'inmigrate') throw refused('template-broken', `after its state came in, the machine is ${String(status)}`);
    await alive();
    if (Date.now() > end) throw refused('template-broken', 'its state does not come in');
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
