import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStream } from '../harness/event-stream.ts';
import type { Installation } from '../harness/installation.ts';
import type { PortalClient } from '../harness/portal-client.ts';
import { memoryOf } from './process-memory.ts';
import type { ProcessMemory } from './process-memory.ts';

/** Moments of one launch, in this order; each in milliseconds since the PUT was sent. */
export const PHASES = ['answered', 'starting', 'ready', 'ticket', 'socket', 'picture', 'frame'] as const;
export type Phase = (typeof PHASES)[number];

/** One launch as a person's browser would have seen it. */
export interface Launch {
  phases: Record<Phase, number>;
  /** Of its QEMU process, at rest. */
  memory: ProcessMemory;
  /** What the portal says of the way it took. */
  path: string;
  /** Command line of its QEMU. */
  argv: string[];
}

const READY_WITHIN_MS = 600_000;
const PICTURE_WITHIN_MS = 60_000;
/** After READY, with nobody connected: what starts up late has started. */
const REST_MS = 10_000;

/** The parts that a launch is measured with; `events` must be open already. */
export interface Bench {
  installation: Installation;
  client: PortalClient;
  events: EventStream;
}

/**
 * Launches a desktop of a proposal that has none, looks at it once through the bridge, lets it rest, and ends it.
 * @throws Error when it is refused, fails, or comes up on another way than `path`
 */
export async function measureLaunch(
  { installation, client, events }: Bench,
  key: string,
  path: string,
): Promise<Launch> {
  const sent = performance.now();
  const answer = await client.launch(key);
  const answered = performance.now();
  if (!answer.ok) throw new Error(`the launch was refused: ${answer.body.code} ${answer.body.message}`);
  const { id } = answer.body;
  const ready = await events.reached(id, ['READY', 'FAILED'], READY_WITHIN_MS);
  if (ready.instance.state === 'FAILED') throw new Error(`the launch failed: ${ready.instance.failure?.message}`);
  const ticket = await client.ticket(id);
  const ticketAt = performance.now();
  const desktop = client.enter(ticket);
  const { open, picture, frame } = await desktop.firstFrame(PICTURE_WITHIN_MS);
  await desktop.close();
  const seen = (state: string) =>
    events.changes.find((one) => one.instance.id === id && one.instance.state === state)?.at;
  const moments = {
    answered,
    starting: seen('STARTING') ?? ready.at,
    ready: ready.at,
    ticket: ticketAt,
    socket: open,
    picture,
    frame,
  };
  const taken = ready.instance.launch?.path ?? 'cold';
  if (taken !== path) throw new Error(`a launch took the ${taken} way: ${ready.instance.launch?.reason}`);
  await delay(Math.max(0, ready.at + REST_MS - performance.now()));
  const pid = installation.machines().get(id);
  if (pid === undefined) throw new Error(`${id} has no QEMU`);
  const launch = {
    phases: Object.fromEntries(PHASES.map((phase) => [phase, moments[phase] - sent])) as Record<Phase, number>,
    memory: memoryOf(pid),
    path: taken,
    argv: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
  };
  await client.end(id);
  await events.reached(id, ['DELETED'], PICTURE_WITHIN_MS);
  return launch;
}

/** Launches desktops that just run, of so many persons as it takes. Resolves when all are at rest. */
export async function runBeside(clients: PortalClient[], keys: [client: PortalClient, key: string][]): Promise<void> {
  const streams = new Map<PortalClient, EventStream>();
  for (const client of clients) streams.set(client, await client.events());
  for (const [client, key] of keys) {
    const answer = await client.launch(key);
    if (!answer.ok) throw new Error(`a desktop beside was refused: ${answer.body.code} ${answer.body.message}`);
    await streams.get(client)?.reached(answer.body.id, ['READY'], READY_WITHIN_MS);
  }
  streams.forEach((stream) => stream.close());
  await delay(REST_MS);
}
