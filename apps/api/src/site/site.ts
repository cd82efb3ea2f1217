import type { Role } from '@beamdesk/contracts';
import type { BootScript } from '@beamdesk/hypervisor';
import type { Limits } from '@beamdesk/quota';
import type { PlanExtension, PlanNetwork } from '../instances/plan-snapshot';
import type { Technique } from '../plans/techniques';
import type { HostLoad, SiteLoad } from './load-schema';
import type { SiteData } from './site-data';

export interface SitePlan {
  id: string;
  name: string;
  description: string;
  image: string;
  flavour: string;
  lifetimeMinutes: number;
  keepsDisk: boolean;
  /** Minutes without use after which its desktops are stopped; null: never. */
  idleMinutes: number | null;
  network: PlanNetwork;
  /** How much longer its owner may let it live without asking anybody; null: not at all. */
  extension: PlanExtension | null;
  preset: boolean;
  /** Empty: at every beamline; see `offerFor`. */
  beamlines: string[];
  /** Empty: for every technique. */
  techniques: string[];
  /** XKB, e.g. "de", "ch(fr)"; null: as the image has it. */
  keyboard: string | null;
  bootScript: BootScript | null;
}

/**
 * What this site is and offers, from SITE_FILE, read once at boot; also the Nest token. Lists that other processes change
 * or join live in tables, filled from here by `SiteTables`.
 */
export abstract class Site {
  abstract readonly facility: { name: string; contact: string };
  /** IANA name; the time zone of the desktops. */
  abstract readonly timeZone: string;
  abstract readonly conditions: { version: string; publishedAt: Date; text: string };
  abstract readonly beamlines: { id: string; name: string; technique: string; techniques: string[] }[];
  /** Groups of users with beamlines, plans or catalogues of their own, each from a folder; what they add is in the lists here. */
  abstract readonly communities: { id: string; name: string; catalogues: string | null }[];
  /** What catalogues call the techniques that plans are offered for. */
  abstract readonly techniques: Technique[];
  abstract readonly services: { id: string; name: string }[];
  abstract readonly images: { id: string }[];
  abstract readonly flavours: { id: string; vcpus: number; memoryMib: number; diskMib: number; gpus: number }[];
  abstract readonly plans: SitePlan[];
  abstract readonly hosts: {
    name: string;
    memoryLimitMib: number;
    /** How many times over the host's memory is promised, at least 1. */
    memoryOvercommit: number;
    diskReserveMib: number;
    ports: { from: number; to: number };
    /** Cards that desktops may have, by PCI address. Absent: none. */
    gpus?: { allow: string[] };
    /** In place of the site's own limits. */
    load?: HostLoad;
  }[];
  /** When a launch waits for a host, and when it is refused. */
  abstract readonly load: SiteLoad;
  /** Default limits: of each role's people, of every proposal, of every beamline, of all together. */
  abstract readonly quotas: {
    roles: Record<Role, Limits>;
    proposal: Limits;
    beamline: Limits;
    site: Limits;
    /** Hours are counted over so many days. */
    periodDays: number;
  };
  /** Days for which a catalogue that knows somebody lets them in; each sign-in asks it again. */
  abstract readonly authorisation: { catalogueDays: number };
  abstract readonly data: SiteData;
}
