import type { Role } from '@beamdesk/contracts';
import type { BootScript, RunAs } from '@beamdesk/hypervisor';
import type { Resources } from '@beamdesk/quota';

export interface SitePlan {
  id: string;
  name: string;
  description: string;
  image: string;
  flavour: string;
  lifetimeMinutes: number;
  keepsDisk: boolean;
  preset: boolean;
  beamlines: string[];
  /** XKB, e.g. "de", "ch(fr)"; null: as the image has it. */
  keyboard: string | null;
  bootScript: BootScript | null;
}

/** Where proposals' data lies on the hosts, and with whose rights it is read. */
export interface SiteData {
  /** Absolute folders; data outside them, links resolved, is never shared. */
  roots: string[];
  /** Absolute path with `{proposal}`, `{facility}`, `{beamline}`, `{visit}`; `/` in a value becomes `_`. */
  path: string;
  /** Guest path, same placeholders. */
  guest: string;
  /** machine: the hypervisor's own unprivileged ids. accounts: ids per catalogue account; nobody else may launch. */
  runAs: { rule: 'machine' } | { rule: 'accounts'; accounts: Record<string, RunAs> };
  scratch: { root: string; limitMib: number; guest: string };
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
  abstract readonly beamlines: { id: string; name: string; technique: string }[];
  abstract readonly services: { id: string; name: string }[];
  abstract readonly images: { id: string }[];
  abstract readonly flavours: { id: string; vcpus: number; memoryMib: number; diskMib: number }[];
  abstract readonly plans: SitePlan[];
  abstract readonly hosts: {
    name: string;
    memoryLimitMib: number;
    /** How many times over the host's memory is promised, at least 1. */
    memoryOvercommit: number;
    diskReserveMib: number;
    ports: { from: number; to: number };
  }[];
  /** Default limits of each role's people. */
  abstract readonly quotas: Record<Role, Resources>;
  /** Days for which a catalogue that knows somebody lets them in; each sign-in asks it again. */
  abstract readonly authorisation: { catalogueDays: number };
  abstract readonly data: SiteData;
}
