export type Protocol = 'vnc' | 'rdp';

export interface Endpoint {
  protocol: Protocol;
  host: string;
  port: number;
}

/** What a writable share of a machine held when it was last measured. */
export interface ShareUse {
  tag: string;
  /** As allocated. */
  usedBytes: number;
  limitMib: number;
}

/** Numeric ids with whose rights a machine reads its data. Null = those of the process itself (no privilege to change). */
export interface RunAs {
  uid: number;
  gid: number;
  groups: number[];
}

/**
 * Whose rights, by name: the name service of the host that runs the machine is asked at every start, so that an account or group that
 * was taken away counts at once.
 */
export interface NamedRunAs {
  /** The account's name there, or its ids where the site lists them itself. */
  account: string | RunAs;
  /** Groups that must exist there, and that a named account must be in; the machine gets these. None: all of a named account's own. */
  groups: string[];
}

export interface Flavour {
  vcpus: number;
  memoryMib: number;
  /** Size of the machine's own disk: what its overlay can grow to. */
  diskMib: number;
}

/**
 * How an image boots: our recipes hand kernel and initrd to the hypervisor, registered images boot from their disk, and an ISO is a raw,
 * read-only CD beside a blank disk of the flavour's size.
 */
export type Boot =
  | { kind: 'disk' }
  | { kind: 'iso' }
  | { kind: 'kernel'; kernel: string; initrd: string; cmdline: string };

/** As QEMU names it in its program: qemu-system-<architecture>. */
export type Architecture = 'x86_64' | 'aarch64';

/** What starts the guest. aarch64 knows UEFI only. */
export type Firmware = 'bios' | 'uefi';

/** none: the machine reaches nobody. outbound: everywhere but the host that runs it, and nobody reaches it. */
export type NetworkPolicy = 'none' | 'outbound';

/** User data for cloud-init (its NoCloud source), shown to the guest on a small disk of its own. No secret belongs in it. */
export interface CloudInit {
  /** At most 64 KiB; `#cloud-config` or a script, as cloud-init takes it. */
  userData: string;
}

export interface MachineImage {
  id: string;
  /** Absolute path of an immutable, backing-file-free qcow2; of the ISO itself where `boot` says so. */
  disk: string;
  boot: Boot;
  /** Absent: x86_64. */
  architecture?: Architecture;
  /** Absent: bios. Not for `kernel`, which needs none. */
  firmware?: Firmware;
  /** Whether machines may be copies of a template. Absent: yes. */
  clonable?: boolean;
  /** Whether the guest runs our agent. */
  agent: boolean;
  /** Of the disk's content, 64 hexadecimal digits, as the image's own description says. Null: unknown, so never cloned. */
  sha256: string | null;
  /**
   * Absolute path of QEMU's keymap for the keyboard layout that is in the image. Null: the image's keyboard is whatever its user sets, and VNC
   * takes it for a US one.
   */
  keymap: string | null;
}

/** How a host folder reaches the guest; virtiofs only for what is read-only. */
export type ShareKind = '9p' | 'virtiofs';

/** A host folder the guest sees. `tag` is how the guest asks for it: `[a-z][a-z0-9]{0,15}`. */
export interface Share {
  tag: string;
  /** Absent: 9p. */
  kind?: ShareKind;
  /** Absolute, inside one of the adapter's allowed roots, and without links below it: one that is there by now was put there since, and is refused. */
  hostPath: string;
  readOnly: boolean;
  /** Bytes in MiB a writable share may hold; null for read-only ones. */
  limitMib: number | null;
}

/**
 * A folder that the guest itself mounts by NFS 4.1, read-only. The machine gets a network card from which nothing but this server's
 * port 2049 can be reached.
 */
export interface NfsMount {
  /** As a share's, and different from theirs. */
  tag: string;
  /** Name or address, resolved on the host at every start; must be one of the adapter's allowed servers. */
  server: string;
  /** Absolute path of the export, as the server names it. */
  exportPath: string;
}

export interface MachineSpec {
  /** Ours; a UUID; `create` is idempotent on it. */
  id: string;
  installation: string;
  image: MachineImage;
  flavour: Flavour;
  /** Made and stored by us before `create`; the port is reserved on the host for this machine. VNC counts 8 characters. */
  console: { protocol: Protocol; port: number; password: string };
  shares: Share[];
  /** Absent: none. */
  nfs?: NfsMount[];
  /** Absent: none. */
  network?: NetworkPolicy;
  /** Absent or null: no seed disk. */
  cloudInit?: CloudInit | null;
  /** PCI addresses of the host's cards that the machine alone uses, e.g. `0000:65:00.0`; the first function of each. Absent: none. */
  gpus?: string[];
  runAs: RunAs | NamedRunAs | null;
  /** Under which the launch is in the logs; absent or null: not known. */
  requestId?: string | null;
}

/** What may differ when a machine that is off is switched on again. */
export interface NextLaunch {
  /** As a spec's: the cards it has from now on. */
  gpus?: string[];
  /** As a spec's. */
  requestId?: string | null;
}

/** Size of a guest's screen in whole pixels: 640…3840 × 480…2160. */
export interface DisplaySize {
  width: number;
  height: number;
}

/** Where the guest mounts what has this tag: below /data, at /scratch or below, or at /home/user/Home. */
export interface GuestMount {
  tag: string;
  guestPath: string;
  readOnly: boolean;
  /** Of the share with this tag, or `nfs` where it is one of the spec's `nfs`. Absent: 9p. */
  kind?: ShareKind | 'nfs';
}

/** What makes a machine somebody's; sent to the guest's agent after it answers. Idempotent. */
export interface Personalisation {
  /** RFC 1123 label, at most 63 characters. */
  hostname: string;
  /** IANA, e.g. "Europe/Paris". */
  timeZone: string;
  person: { id: string; name: string };
  proposal: { key: string; name: string; title: string };
  mounts: GuestMount[];
  /** What the guest takes key presses for, as XKB names it: "de", "ch(fr)". Null: as the image has it. */
  keyboard: string | null;
  /**
   * What the guest's generic user signs in with at a console that the guest itself serves (RDP). Null: the hypervisor guards
   * the console, and the guest knows no secret.
   */
  consolePassword: string | null;
  /**
   * Run as root in the guest, after the mounts and before the session shows itself. The values arrive as
   * `/run/beamdesk/values.json` and as environment (`BEAMDESK_VALUE_<NAME>`), never inside the script's text. Null: none.
   */
  bootScript: BootScript | null;
}

export interface BootScript {
  /** At most 64 KiB; begins with `#!` or is for /bin/sh. */
  text: string;
  /** Names `[a-z][a-z0-9_]{0,31}`, at most 64 of them, values at most 1024 characters each. */
  values: Record<string, string>;
}

/** How a machine came up: booted from its disk, or as a copy of a template that was saved at its desktop. */
export type LaunchPath = 'cold' | 'clone';

/** What must be equal in all copies of one template. */
export interface TemplateSpec {
  image: MachineImage;
  flavour: Flavour;
  protocol: Protocol;
  /** In the order of the machines' shares; paths differ from copy to copy. */
  shares: { tag: string; readOnly: boolean; kind?: ShareKind }[];
  /** Whether they mount something by NFS, so that they have a network card for it. Absent: no. */
  nfs?: boolean;
  /** Absent: none. With outbound there is no template: machines boot. */
  network?: NetworkPolicy;
  /** Whether they have a seed disk for cloud-init; with one there is no template. Absent: no. */
  cloudInit?: boolean;
  /** How many GPUs each has; with any there is no template. Absent: 0. */
  gpus?: number;
}

/**
 * waiting: to be built when its turn comes. ready: launches use it. set-aside: failed twice, launches go on cold until somebody has it
 * rebuilt. impossible: machines of this kind can't be copied, `failure` says why.
 */
export type TemplateState = 'waiting' | 'building' | 'ready' | 'set-aside' | 'impossible';

export interface Template {
  /** Changes with everything that must be equal: image content, machine recipe, QEMU's version, accelerator. */
  key: string;
  imageId: string;
  flavour: Flavour;
  protocol: Protocol;
  state: TemplateState;
  stateSince: Date;
  /** Whether launches still ask for it; one that is not wanted stays until no machine needs it. */
  wanted: boolean;
  /** While one is being built, also anew beside one that is ready: what is going on, in words. */
  step: string | null;
  /** While building: 0 to 1. */
  progress: number | null;
  /** Builds that failed since the last good one. */
  failures: number;
  /** Why the last build failed, or why it is impossible; for staff. */
  failure: string | null;
  /** Duration of the build that made it, seconds. */
  buildSeconds: number | null;
  /** On disk, MiB. */
  sizeMib: number | null;
  /** Machines that hold on to it: running copies, and disks kept on it. */
  machines: number;
}

/**
 * on: the machine runs (or is paused). off: it exists and does not run, e.g. the guest powered itself off and the record
 * of it is kept. Absent machines are not listed at all.
 */
export type MachinePhase = 'on' | 'off';

/** `session` is what the guest's agent says; `unknown` while there is no agent or it is lost. */
export type GuestSession = 'unknown' | 'starting' | 'up';

export interface Machine {
  /** Ours. */
  id: string;
  installation: string;
  /** The adapter's own name for it, e.g. a pid or a Nova id; for the log. */
  ref: string;
  phase: MachinePhase;
  createdAt: Date;
  endpoints: Endpoint[];
  session: GuestSession;
  /**
   * While the session is unknown: it is known to have ended (the guest was reset, or fell silent after it had spoken), rather than not
   * heard of yet by who has just begun to listen.
   */
  sessionLost: boolean;
  /** How it came up the last time. */
  path: LaunchPath;
  /** Why it was booted although a copy would have been quicker; null for a copy, or where nobody expects one. */
  coldReason: string | null;
  /** Personalisation was confirmed by the guest since its last boot. */
  personalised: boolean;
  /** Why an `off` machine went off, as far as known. */
  exit: 'guest-poweroff' | 'crashed' | 'unknown' | null;
  /** Remark for the user while it runs, e.g. scratch over its limit; null = none. */
  notice: string | null;
}

/** What a host can still carry; memory in MiB, disk in MiB. */
export interface HostCapacity {
  accelerator: 'kvm' | 'tcg';
  vcpus: number;
  memoryTotalMib: number;
  memoryAvailableMib: number;
  /** Of the file system on which machines keep their disks. */
  diskTotalMib: number;
  diskAvailableMib: number;
}
