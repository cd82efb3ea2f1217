import { z } from 'zod';
import { desktopMessage } from './desktop-message';
import { consoleProtocol } from './display';
import { resourcesView } from './quota';

export const instanceState = z
  .enum(['REQUESTED', 'BUILDING', 'STARTING', 'READY', 'STOPPING', 'STOPPED', 'FAILED', 'DELETING', 'DELETED'])
  .meta({ id: 'InstanceState' });
export type InstanceState = z.infer<typeof instanceState>;

export const wantedState = z.enum(['RUNNING', 'STOPPED', 'DELETED']).meta({ id: 'WantedState' });
export type WantedState = z.infer<typeof wantedState>;

export const memberRole = z.enum(['OWNER', 'USER', 'GUEST', 'SUPPORT']).meta({ id: 'MemberRole' });
export type MemberRole = z.infer<typeof memberRole>;

/** What a plan's machines reach beside their data: nothing, or the network outside, never the host. */
export const planNetwork = z.enum(['none', 'outbound']).meta({ id: 'PlanNetwork' });
export type PlanNetwork = z.infer<typeof planNetwork>;

/** The owner may let a desktop live longer by so many minutes, so many times, without asking anybody. */
export const planExtension = z
  .strictObject({ minutes: z.int().min(1).max(525_600), times: z.int().min(1).max(100) })
  .meta({ id: 'PlanExtension' });
export type PlanExtension = z.infer<typeof planExtension>;

export const planView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    needs: resourcesView,
    lifetimeMinutes: z.int().positive(),
    keepsDisk: z.boolean(),
    /** Without use for so long it is stopped; null: never. */
    idleMinutes: z.int().positive().nullable(),
    network: planNetwork,
    extension: planExtension.nullable(),
  })
  .meta({ id: 'Plan' });
export type PlanView = z.infer<typeof planView>;

/**
 * How a desktop comes up: as a copy of a prepared one (`clone`), or by booting (`cold`). `reason`: why it boots although a copy would be
 * quicker, a sentence for the user. `expectedSeconds`: median of the last launches of this kind; null while there were none.
 */
export const launchView = z
  .object({
    path: z.enum(['clone', 'cold']),
    reason: z.string().nullable(),
    expectedSeconds: z.number().positive().nullable(),
  })
  .meta({ id: 'LaunchExpectation' });
export type LaunchView = z.infer<typeof launchView>;

/**
 * What hosts are short of while a launch waits; `host`: none is at work, e.g. the one that has its disk; `turn`: others came before;
 * `maintenance`: launches are held back for a while.
 */
export const queueReason = z
  .enum(['memory', 'disk', 'processors', 'desktops', 'gpus', 'host', 'turn', 'maintenance'])
  .meta({ id: 'QueueReason' });
export type QueueReason = z.infer<typeof queueReason>;

/** A launch that waits for a host. `position` from 1. */
export const queueView = z
  .object({ position: z.int().positive(), reason: queueReason, since: z.iso.datetime() })
  .meta({ id: 'QueueState' });
export type QueueView = z.infer<typeof queueView>;

/** A person's desktop as every page shows it. Never carries a console address or secret. */
export const instanceView = z
  .object({
    id: z.uuid(),
    proposalKey: z.string(),
    proposalName: z.string(),
    proposalTitle: z.string(),
    service: z.string(),
    plan: planView,
    state: instanceState,
    wanted: wantedState,
    /** What is going on in words, e.g. "Starting the machine"; null when nothing is under way. */
    step: z.string().nullable(),
    stateSince: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    /** How often it was extended, as its plan allows without asking; absent: never. */
    extensionsUsed: z.int().nonnegative().optional(),
    lastAccessAt: z.iso.datetime().nullable(),
    /** The hypervisor could not be asked since `observedAt`; the state shown is the last one known. */
    unreachable: z.boolean(),
    observedAt: z.iso.datetime().nullable(),
    /** `requestId`: the launch's, under which it is in the logs. */
    failure: z.object({ code: z.string(), message: z.string(), requestId: z.string().optional() }).nullable(),
    /** A remark that does not stop the work, e.g. "Scratch is full". */
    notice: z.string().nullable(),
    /** How it comes up, or came up the last time; null while that is not decided. */
    launch: launchView.nullable(),
    /** While it waits for a host; `step` says the same in words. */
    queue: queueView.nullable().optional(),
    /** Nobody uses it: it stops then, unless somebody comes back. */
    idleStopAt: z.iso.datetime().nullable().optional(),
    /** From the staff to its owner, newest first; absent: none. */
    messages: z.array(desktopMessage).optional(),
    allocation: resourcesView,
    role: memberRole,
  })
  .meta({ id: 'Instance' });
export type InstanceView = z.infer<typeof instanceView>;

export const launchRequest = z.strictObject({ plan: z.string().min(1).max(64).optional() }).meta({ id: 'LaunchRequest' });
export type LaunchRequest = z.infer<typeof launchRequest>;

/** `POST /api/instances/:id/extend`. `from`: the `expiresAt` that its owner saw, so that the same wish twice counts once. */
export const extensionWish = z.strictObject({ from: z.iso.datetime({ offset: true }) }).meta({ id: 'ExtensionWish' });
export type ExtensionWish = z.infer<typeof extensionWish>;

/** Single use, 15 s; goes into the query of the websocket at `path`. */
export const ticketView = z
  .object({ ticket: z.string(), expiresAt: z.iso.datetime(), path: z.string(), protocol: consoleProtocol })
  .meta({ id: 'Ticket' });
export type TicketView = z.infer<typeof ticketView>;
