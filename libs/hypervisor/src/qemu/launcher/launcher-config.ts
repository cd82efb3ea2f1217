import { Architecture, RunAs } from '../../machine';
import { PRIVATE, rangeOf } from '../../outbound/ranges';
import { PCI_ADDRESS } from '../../gpu/discover';
import { NameService } from './name-service';
import { Platform } from './platforms';

export interface LauncherConfig {
  /** Holds one folder per machine, named by its id. */
  machinesDir: string;
  /** Holds one folder per template, named by its key; null = machines are never copied. */
  templatesDir: string | null;
  /** Writable shares lie in here, one to three folders deep. */
  scratchDir: string;
  /** Of the people's home folders, one to three folders deep as well; absent or null = there are none. */
  homeDir?: string | null;
  /** Image files lie, links resolved, in one of these. */
  imageRoots: string[];
  /** Read-only shares lie, links resolved, strictly inside one of these. */
  dataRoots: string[];
  /** NFS servers that machines may be given a way to, by the names that machines name them by; absent: none. */
  nfsServers?: string[];
  /** Path of `tools/confine.sh`; needed as root only, null otherwise. */
  confine: string | null;
  /** The group that may reach the machines' sockets and read their records; null = no change of owner. */
  clientGid: number | null;
  /** Ids of machines that name none; null = those of this process. */
  runAs: RunAs | null;
  /** What a machine may name as uid, gid or group. */
  allowedIds: IdRange[];
  /** What knows accounts and groups by name; absent: this host's own name service. */
  names?: NameService;
  accelerator: 'auto' | 'kvm' | 'tcg';
  /** What lets machines out; absent or null: those that are to get out are refused. */
  outbound?: Outbound | null;
  /** Graphics cards that machines may have, by address; absent: none. */
  gpus?: { allow: string[]; sysfs?: string };
  /** Where QEMU and firmware are for a kind of processor; absent: where Debian has them. */
  platforms?: Partial<Record<Architecture, Platform>>;
}

export interface Outbound {
  /** The filter's bundle, outbound.js. */
  program: string;
  /** Ids for it and passt, nobody else's; null = those of this process, where there is no privilege to change them. */
  runAs: RunAs | null;
  /** IPv4 ranges that no machine gets to, beside this host's own addresses. */
  closed: string[];
}

export interface IdRange {
  from: number;
  to: number;
}

/** "64106,5000-5999"; 0 is never allowed, whatever it says. */
export function parseIdRanges(text: string): IdRange[] {
  return text.split(',').filter(Boolean).map((part) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!range) throw new Error(`not a list of numbers and ranges: ${text}`);
    return { from: Number(range[1]), to: Number(range[2] ?? range[1]) };
  });
}

/** "64106:64106" */
export function parseRunAs(text: string): RunAs {
  const ids = /^([1-9]\d*):([1-9]\d*)$/.exec(text);
  if (!ids) throw new Error(`not uid:gid above 0: ${text}`);
  return { uid: Number(ids[1]), gid: Number(ids[2]), groups: [] };
}

/** "10.0.0.0/8, 192.0.2.7"; empty: the private ranges; "none": nothing beside what is closed anyway. @throws Error not such a list */
export function parseClosed(text: string): string[] {
  const ranges = text.split(/[\s,]+/).filter(Boolean);
  if (ranges.length === 0) return PRIVATE;
  if (ranges.length === 1 && ranges[0] === 'none') return [];
  for (const range of ranges) rangeOf(range);
  return ranges;
}

/** "0000:65:00.0 0000:b3:00.0" @throws Error not such a list */
export function parseGpus(text: string): string[] {
  const addresses = text.split(/[\s,]+/).filter(Boolean);
  const bad = addresses.find((address) => !PCI_ADDRESS.test(address));
  if (bad !== undefined) throw new Error(`not a PCI address such as 0000:65:00.0: ${bad}`);
  return addresses;
}
