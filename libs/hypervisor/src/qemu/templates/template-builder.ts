import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AgentClient } from '../agent-client';
import { AGENT_SOCKET, QMP_SOCKET } from '../argv';
import { Launcher, SpawnedTemplate, TemplateFiles } from '../launcher/launcher';
import { seesAlive } from '../launcher/processes';
import { refused } from '../launcher/refusals';
import { QmpClient } from '../qmp-client';
import { unixConnect } from '../unix-connect';
import { TemplateRecord } from './template-record';
import { TemplateStore } from './template-store';

/** How long QEMU may take to answer for the first time, and to end. */
const ANSWER_MS = 20_000;
const SETTLE_MS = 60_000;
/** After the agent's last word, so that it is back in its read when the guest is saved. */
const QUIET_MS = 500;
/** Bytes a second: as fast as it goes (QMP, migrate-set-parameters). */
const UNBOUNDED = 100_000_000_000;

export interface BuildParts {
  store: TemplateStore;
  launcher: Launcher;
  /** Aborted when it took too long, or we end. */
  signal: AbortSignal;
  /** What is going on, and how far it is, 0 to 1. */
  tell: (step: string, progress: number) => void;
}

/**
 * Boots one machine to its desktop, brings it to rest, saves it and seals what was saved: memory as the file it ran in, the rest of its
 * state by migration with the memory left out (`x-ignore-shared`). Leaves cleaning up to the caller.
 */
export async function buildTemplate(record: TemplateRecord, parts: BuildParts): Promise<TemplateFiles> {
  const { store, launcher, signal, tell } = parts;
  const { id, order } = record;
  tell('Starting its machine', 0.05);
  const spawned = await launcher.spawnTemplate(id, order);
  const { machine, process } = spawned;
  const alive = () => {
    signal.throwIfAborted();
    if (!seesAlive(machine, process)) throw refused('start-failed', 'its machine ended');
  };
  const qmp = await patiently(alive, async () => QmpClient.open(await unixConnect(join(store.files(id), QMP_SOCKET))));
  try {
    const agent = new AgentClient(await unixConnect(join(store.files(id), AGENT_SOCKET)));
    await qmp.execute('cont');
    tell('Booting', 0.1);
    await until(alive, () => agent.bootId !== null);
    tell('Starting the desktop', 0.4);
    await until(alive, () => agent.session === 'up');
    tell('Bringing it to rest', 0.7);
    await agent.command('settle', SETTLE_MS);
    agent.close();
    await pause(QUIET_MS);
    alive();
    tell('Saving', 0.8);
    await save(qmp, await launcher.receiveState(id), alive);
  } finally {
    qmp.close();
  }
  await ended(spawned, launcher);
  tell('Checking', 0.9);
  const files = await launcher.sealTemplate(id);
  signal.throwIfAborted();
  return files;
}

async function save(qmp: QmpClient, uri: string, alive: () => void): Promise<void> {
  await qmp.execute('stop');
  await qmp.execute('migrate-set-parameters', { 'max-bandwidth': UNBOUNDED });
  await qmp.execute('migrate-set-capabilities', { capabilities: [{ capability: 'x-ignore-shared', state: true }] });
  await qmp.execute('migrate', { uri });
  for (;;) {
    const { status, ...rest } = (await qmp.execute('query-migrate')) as { status?: string; 'error-desc'?: string };
    if (status === 'completed') break;
    if (status === 'failed' || status === 'cancelled') throw refused('start-failed', `saving: ${rest['error-desc'] ?? status}`);
    alive();
    await pause(20);
  }
  await qmp.execute('quit').catch(() => undefined);
}

async function ended({ machine, process }: SpawnedTemplate, launcher: Launcher): Promise<void> {
  for (const end = Date.now() + ANSWER_MS; seesAlive(machine, process); await pause(20)) {
    if (Date.now() > end) return launcher.kill(machine, process);
  }
}

async function until(alive: () => void, holds: () => boolean): Promise<void> {
  for (; !holds(); await pause(50)) alive();
}

/** Tries again while the process that is to answer still comes up. */
async function patiently<T>(alive: () => void, attempt: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + ANSWER_MS; ; await pause(25)) {
    alive();
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
