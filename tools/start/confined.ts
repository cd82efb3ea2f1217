import { join } from 'node:path';

const CONFINE = join(import.meta.dirname, '../confine.sh');

/** What a command may see and be; paths are absolute. Without root only `dieWithParent` has an effect. */
export interface Confinement {
  /** Numeric uid and gid; null = stay who we are. */
  uid: number | null;
  /** Further numeric groups. */
  groups?: number[];
  /** Paths shown read-only, in order. */
  ro?: string[];
  /** Paths shown writable, after the read-only ones. */
  rw?: string[];
  /** Paths shown read-only at another place: [source, destination]. */
  roAt?: [string, string][];
  /** Folders laid over others that are shown, where the kernel allows it: [source, destination]. */
  tryOver?: [string, string][];
  /** The kernel kills the command when the process that started it is gone. */
  dieWithParent?: boolean;
}

/** The argument list that runs `command` through `confine.sh`; the process keeps the pid of the spawned child. */
export function confined(confinement: Confinement, command: string[]): [string, ...string[]] {
  const { uid, groups = [], ro = [], rw = [], roAt = [], tryOver = [], dieWithParent = false } = confinement;
  return [
    CONFINE,
    ...(uid === null ? [] : ['--uid', String(uid), '--gid', String(uid)]),
    ...(groups.length === 0 ? [] : ['--groups', groups.join(',')]),
    ...ro.flatMap((path) => ['--ro', path]),
    ...rw.flatMap((path) => ['--rw', path]),
    ...roAt.flatMap(([source, place]) => ['--ro-at', source, place]),
    ...tryOver.flatMap(([source, place]) => ['--try-over', source, place]),
    ...(dieWithParent ? ['--die-with-parent'] : []),
    '--',
    ...command,
  ];
}
