import { z } from 'zod';
import { MESSAGE_LENGTH } from './desktop-message';
import { beamlineId, paging, searchText, text } from './input';
import { instanceState, memberRole, wantedState } from './instance';
import { resourcesView } from './quota';

const count = z.int().nonnegative();
const named = z.object({ id: z.string(), name: z.string() });

/** A host as its worker saw it last; every figure null before it did. Memory and disk in MiB. */
export const monitoredHost = z
  .object({
    id: z.string(),
    /** False: it left the site file; what runs there goes on. */
    active: z.boolean(),
    accelerator: z.enum(['kvm', 'tcg']).nullable(),
    vcpus: count.nullable(),
    /** Load average of the last minute for each processor: 1 = as much to do as there are processors. */
    cpuLoad: z.number().nonnegative().nullable(),
    /** Share of the last minute in which something waited for a processor, 0 to 1; null also where the kernel doesn't tell. */
    cpuPressure: z.number().min(0).max(1).nullable(),
    memoryTotalMib: count.nullable(),
    /** Left if every machine takes all it was promised. */
    memoryAvailableMib: count.nullable(),
    diskTotalMib: count.nullable(),
    diskAvailableMib: count.nullable(),
    /** Instances that hold a machine, whosever they are, and what they hold together. */
    desktops: count,
    held: resourcesView,
    /** Launches that wait for this host, because their disk is there. */
    queued: count,
    draining: z.boolean(),
    /** By name; null: not draining, or the account is gone. */
    drainingBy: z.string().nullable(),
    drainingAt: z.iso.datetime().nullable(),
    observedAt: z.iso.datetime().nullable(),
    /** Its worker has not spoken for so long that nothing is launched there. */
    silent: z.boolean(),
  })
  .meta({ id: 'MonitoredHost' });
export type MonitoredHost = z.infer<typeof monitoredHost>;

/** `GET /api/monitor/hosts`. `queued`: launches that wait for any host. */
export const monitoredHosts = z.object({ items: z.array(monitoredHost), queued: count }).meta({ id: 'MonitoredHosts' });
export type MonitoredHosts = z.infer<typeof monitoredHosts>;

/** Somebody's desktop as staff see it. Never carries a console address, a secret or a path. */
export const monitoredDesktop = z
  .object({
    id: z.uuid(),
    owner: named,
    proposalKey: z.string(),
    proposalName: z.string(),
    /** The one it counts for; null: none. */
    beamline: named.nullable(),
    plan: named,
    imageId: z.string(),
    /** Null: it waits for one. */
    hostId: z.string().nullable(),
    state: instanceState,
    wanted: wantedState,
    /** Its place among the launches that wait for a host, from 1; null: it does not wait. */
    queuePosition: count.nullable(),
    step: z.string().nullable(),
    stateSince: z.iso.datetime(),
    launchedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastAccessAt: z.iso.datetime().nullable(),
    /** When it was last in use, of one that runs and is not in use now; null: it is in use, or nobody looked yet. */
    idleSince: z.iso.datetime().nullable(),
    /** Live sessions, whosever they are. */
    sessions: count,
    unreachable: z.boolean(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    notice: z.string().nullable(),
    allocation: resourcesView,
    /** An administrator tries a draft of an image. */
    trial: z.boolean(),
  })
  .meta({ id: 'MonitoredDesktop' });
export type MonitoredDesktop = z.infer<typeof monitoredDesktop>;

/** What is picked out of the desktops; `coming`: REQUESTED, BUILDING or STARTING; `going`: STOPPING or DELETING. */
const desktopFilters = {
  state: z.enum(['READY', 'coming', 'queued', 'going', 'STOPPED', 'FAILED', 'idle']).optional(),
  beamline: beamlineId.optional(),
  /** Key of a proposal. */
  proposal: z.string().min(1).max(500).optional(),
  image: z.string().min(1).max(64).optional(),
  plan: z.string().min(1).max(64).optional(),
  host: z.string().min(1).max(64).optional(),
  owner: z.uuid().optional(),
  /** Looked for in the owner's name, the proposal's name and title, and the id. */
  q: searchText,
};

/** `GET /api/monitor/desktops`, and without paging `GET /api/monitor/desktops.csv`. */
export const monitoredDesktopsQuery = z
  .strictObject({ ...desktopFilters, ...paging })
  .meta({ id: 'MonitoredDesktopsQuery' });
export type MonitoredDesktopsQuery = z.infer<typeof monitoredDesktopsQuery>;
export const desktopsCsvQuery = z.strictObject(desktopFilters).meta({ id: 'DesktopsCsvQuery' });
export type DesktopsCsvQuery = z.infer<typeof desktopsCsvQuery>;

/** Sums over all that the one who asks may see, whatever is picked out. */
export const monitoredFigures = z
  .object({
    ready: count,
    coming: count,
    queued: count,
    stopped: count,
    failed: count,
    /** READY, and not in use for five minutes or more. */
    idle: count,
    sessions: count,
    people: count,
    held: resourcesView,
  })
  .meta({ id: 'MonitoredFigures' });
export type MonitoredFigures = z.infer<typeof monitoredFigures>;

/** Newest launch first; none that is DELETED. `choices`: what there is to pick out, of what one may see. */
export const monitoredDesktops = z
  .object({
    items: z.array(monitoredDesktop),
    total: count,
    figures: monitoredFigures,
    choices: z.object({
      beamlines: z.array(named),
      plans: z.array(named),
      images: z.array(z.string()),
      hosts: z.array(z.string()),
    }),
  })
  .meta({ id: 'MonitoredDesktops' });
export type MonitoredDesktops = z.infer<typeof monitoredDesktops>;

/** A live session. */
export const monitoredSession = z
  .object({
    id: z.uuid(),
    desktop: z.uuid(),
    proposalName: z.string(),
    owner: named,
    /** Who is connected, and as what. */
    person: named,
    role: memberRole.nullable(),
    readOnly: z.boolean(),
    openedAt: z.iso.datetime(),
    /** Keys, pointer or touch; null: none yet. */
    lastInputAt: z.iso.datetime().nullable(),
    bytesToClient: count,
    bytesFromClient: count,
  })
  .meta({ id: 'MonitoredSession' });
export type MonitoredSession = z.infer<typeof monitoredSession>;

/** `GET /api/monitor/sessions`, newest first; with `desktop` only of that one. */
export const monitoredSessionsQuery = z
  .strictObject({ desktop: z.uuid().optional(), ...paging })
  .meta({ id: 'MonitoredSessionsQuery' });
export type MonitoredSessionsQuery = z.infer<typeof monitoredSessionsQuery>;
export const monitoredSessions = z
  .object({ items: z.array(monitoredSession), total: count })
  .meta({ id: 'MonitoredSessions' });
export type MonitoredSessions = z.infer<typeof monitoredSessions>;

const ids = z
  .array(z.uuid())
  .min(1)
  .max(100)
  .refine((all) => new Set(all).size === all.length, 'an id occurs twice');

/** `POST /api/monitor/desktops/actions`. The owner reads `reason` and `text`. `minutes`: from the present end on. */
export const desktopAction = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('stop'), ids, reason: text(3, 400) }),
    z.strictObject({ action: z.literal('extend'), ids, minutes: z.int().min(5).max(129_600) }),
    z.strictObject({ action: z.literal('message'), ids, text: text(1, MESSAGE_LENGTH) }),
  ])
  .meta({ id: 'DesktopAction' });
export type DesktopAction = z.infer<typeof desktopAction>;

/** One for each id, in their order; code and message where it was not done. */
export const desktopActionResult = z
  .object({ id: z.uuid(), done: z.boolean(), code: z.string().nullable(), message: z.string().nullable() })
  .meta({ id: 'DesktopActionResult' });
export type DesktopActionResult = z.infer<typeof desktopActionResult>;
export const desktopActionResults = z
  .object({ results: z.array(desktopActionResult) })
  .meta({ id: 'DesktopActionResults' });
export type DesktopActionResults = z.infer<typeof desktopActionResults>;
