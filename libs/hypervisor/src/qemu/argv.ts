import { Architecture, ShareKind } from '../machine';
import { cdArgv, commaSafe, displayArgv, firmwareArgv, gpuArgv, machineType, seedArgv } from './machine-words';
import { MachineOrder } from './machine-order';

export type Accelerator = 'kvm' | 'tcg';
/** Of the card that leads out, so that a guest with two knows them apart. */
export const OUTBOUND_MAC = '52:54:00:be:00:03';
/** The one port of an NFS 4 server (RFC 8881, 2.9.3). */
export const NFS_PORT = 2049;
/** Name of the guest's memory where it is a file: a template's, shared with its copies. */
export const MEMORY = 'memory';
/** How 9p keeps ownership of a writable share: extended attributes, or files beside where there are none. */
export type ShareSecurity = 'none' | 'mapped-xattr' | 'mapped-file';

/** The first display number's port: QEMU counts displays, everybody else ports. */
export const VNC_BASE_PORT = 5900;
export const OVERLAY = 'overlay.qcow2';
export const QMP_SOCKET = 'qmp.sock';
export const AGENT_SOCKET = 'agent.sock';
/** Name of the guest agent's port inside the guest: /dev/virtio-ports/<name>. */
export const AGENT_PORT = 'org.beamdesk.agent.0';
/** Whoever connects talks to the guest's file service (SFTP), once the agent was told `serve-files`. */
export const FILES_SOCKET = 'files.sock';
export const FILES_PORT = 'org.beamdesk.files.0';

/**
 * What an emulated guest believes to run on: enough for the field's software (SSE 4.2; `qemu64` ends PyMca by an illegal instruction), and without
 * AVX, whose emulation made the same boot take twice as long with `max`.
 */
const EMULATED_CPU: Record<Architecture, string> = { x86_64: 'Nehalem', aarch64: 'cortex-a72' };

/**
 * MiB that an emulating QEMU keeps of translated code; what does not fit is translated again. QEMU's default of 1 GiB is memory that
 * nothing accounts for; measured in docs/decisions/0008.
 */
const TRANSLATED_MIB = { boot: 64, save: 64, resume: 32 } as const;

export interface ShareMount {
  tag: string;
  kind: ShareKind;
  /** Where QEMU finds the folder, or the socket of what serves it by virtiofs. */
  path: string;
  readOnly: boolean;
  security: ShareSecurity;
}

/** A way out of a guest's closed network, to one NFS server. */
export interface NfsWay {
  /** Where the guest finds it. */
  guestAddress: string;
  /** The server's own address, resolved. */
  hostAddress: string;
}

/** How this start of a machine differs from others of the same order. */
export interface StartForm {
  /**
   * boot: from its disk. save: boots to be saved as a template; its memory is a file of its own. resume: continues from a template, whose memory it
   * shares until it writes to it, and whose saved state comes in after the start.
   */
  kind: 'boot' | 'save' | 'resume';
  /** The file that is the memory's content; null for `boot`. */
  memory: string | null;
  /** Whether QEMU is to open that file for reading only; for `resume`. */
  memoryIsReadOnly?: boolean;
  /** The ways out of the guest's network card; null: it has no card for that. */
  nfs: NfsWay[] | null;
  /** What the overlay lies on, topmost first: the image, or a template's disk and then the image; nothing where the image is an ISO. */
  backing: string[];
  /** The read-only firmware of a machine that begins with UEFI. */
  firmware?: string;
  /** The disk for cloud-init. */
  seed?: string;
  /** The socket of the machine's way out. */
  outbound?: string;
  /** Functions of the host's cards that the machine has, those of one card together. */
  gpus?: string[][];
}

/**
 * QEMU's words for one machine, to be executed (never through a shell) in the machine's own folder: socket and overlay names are
 * relative to it. Holds no secret; the console password follows over QMP, before the guest runs (`-S`).
 */
export function qemuArgv(order: MachineOrder, accelerator: Accelerator, mounts: ShareMount[], form: StartForm): string[] {
  const { id, flavour, image } = order;
  return [
    `qemu-system-${image.architecture}`,
    ...['-name', `guest=${id}`, '-uuid', id],
    ...['-nodefaults', '-no-user-config', '-S'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...memoryArgv(order, form, mounts),
    ...['-accel', accelerator === 'kvm' ? 'kvm' : `tcg,thread=multi,tb-size=${TRANSLATED_MIB[form.kind]}`],
    ...['-cpu', accelerator === 'kvm' ? 'host' : EMULATED_CPU[image.architecture], '-smp', String(flavour.vcpus)],
    // A guest that powered itself off stays as a paused process, so that the reason is known even when nobody watched.
    ...['-action', 'shutdown=pause'],
    ...['-rtc', 'base=utc'],
    ...(form.firmware === undefined ? [] : firmwareArgv(form.firmware)),
    ...bootArgv(image.boot),
    ...['-blockdev', JSON.stringify(diskOf(form.backing)), '-device', `virtio-blk-pci,drive=disk${image.boot.kind === 'iso' ? ',bootindex=0' : ''}`],
    ...(image.boot.kind === 'iso' ? cdArgv(image.architecture, image.disk) : []),
    ...(form.seed === undefined ? [] : seedArgv(form.seed)),
    ...['-object', 'rng-random,id=rng,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng'],
    ...['-display', 'none', ...displayArgv(image.architecture)],
    ...consoleArgv(order, form),
    ...networkArgv(order, form),
    ...(form.outbound === undefined ? [] : outboundArgv(form.outbound)),
    ...gpuArgv(form.gpus ?? []),
    ...['-chardev', `socket,id=qmp,path=${QMP_SOCKET},server=on,wait=off`, '-mon', 'chardev=qmp,mode=control'],
    ...['-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=agent,path=${AGENT_SOCKET},server=on,wait=off`],
    ...['-device', `virtserialport,chardev=agent,name=${AGENT_PORT}`],
    ...['-chardev', `socket,id=files,path=${FILES_SOCKET},server=on,wait=off`],
    ...['-device', `virtserialport,chardev=files,name=${FILES_PORT}`],
    // Carries the clipboard between the VNC server and spice-vdagent in the guest. It can't be saved (QEMU 7.2), and needs no state.
    ...['-chardev', form.kind === 'save' ? 'null,id=vdagent' : 'qemu-vdagent,id=vdagent,name=vdagent,clipboard=on,mouse=off'],
    ...['-device', 'virtserialport,chardev=vdagent,name=com.redhat.spice.0'],
    ...mounts.flatMap((mount) => (mount.kind === 'virtiofs' ? virtiofsArgv(mount) : shareArgv(mount))),
    // Gives back what the guest does not use. Never for memory that is a file: QEMU would punch holes into what all copies share.
    // Nor where a card reads and writes the memory by itself.
    ...(form.kind === 'boot' && !form.gpus?.length ? ['-device', 'virtio-balloon-pci,free-page-reporting=on'] : []),
    ...(form.kind === 'resume' ? ['-incoming', 'defer'] : []),
  ];
}

/** A template writes its memory to the file; a copy reads it there and keeps what it writes to itself. */
function memoryArgv({ flavour: { memoryMib }, image }: MachineOrder, form: StartForm, mounts: ShareMount[]): string[] {
  const { memory, memoryIsReadOnly, kind } = form;
  const type = machineType(image.architecture, form.firmware !== undefined);
  if (memory === null) {
    if (!mounts.some((mount) => mount.kind === 'virtiofs')) return ['-machine', type, '-m', `${memoryMib}M`];
    // What serves by virtiofs writes its answers straight into the guest's memory.
    const shared = `memory-backend-memfd,id=mem,size=${memoryMib}M,share=on`;
    return ['-machine', `${type},memory-backend=mem`, '-m', `${memoryMib}M`, '-object', shared];
  }
  const file = `id=mem,size=${memoryMib}M,mem-path=${commaSafe(memory)},share=${kind === 'save' ? 'on' : 'off'}${memoryIsReadOnly ? ',readonly=on,rom=off' : ''}`;
  return ['-machine', `${type},memory-backend=mem`, '-m', `${memoryMib}M`, '-object', `memory-backend-file,${file}`];
}

function bootArgv(boot: MachineOrder['image']['boot']): string[] {
  return boot.kind !== 'kernel' ? [] : ['-kernel', boot.kernel, '-initrd', boot.initrd, '-append', boot.cmdline];
}

/** The overlay on what it lies on, formats and the end of the chain named: nothing a disk's header says is followed. */
function diskOf(backing: string[]): object {
  const below = backing.reduceRight<object | null>((under, filename) => {
    return { driver: 'qcow2', 'read-only': true, file: { driver: 'file', filename, 'read-only': true }, backing: under };
  }, null);
  return { 'node-name': 'disk', driver: 'qcow2', file: { driver: 'file', filename: OVERLAY }, backing: below };
}

/** VNC is a server of QEMU's own; RDP lives in the guest. A template is shown to nobody. */
function consoleArgv({ console: { protocol, port }, image: { keymap } }: MachineOrder, { kind }: StartForm): string[] {
  if (protocol !== 'vnc' || kind === 'save') return [];
  // A file that exists is taken as it is; else it would be the name of one of QEMU's own.
  return ['-vnc', `127.0.0.1:${port - VNC_BASE_PORT},password=on`, ...(keymap === null ? [] : ['-k', keymap])];
}

/**
 * A machine that needs no network card has none. A card is closed (`restrict=on`): in comes RDP from the host's loopback, out goes what is
 * said to an NFS server, by a connection of QEMU's own that begins again when it breaks (`guestfwd`; each guest address leads to one).
 */
function networkArgv({ console: { protocol, port } }: MachineOrder, { kind, nfs }: StartForm): string[] {
  if (protocol === 'vnc' && nfs === null) return [];
  const ways = nfs ?? [];
  const forward = protocol === 'vnc' || kind === 'save' ? '' : `,hostfwd=tcp:127.0.0.1:${port}-:3389`;
  const out = ways.map(({ guestAddress }, at) => `,guestfwd=tcp:${guestAddress}:${NFS_PORT}-chardev:nfs${at}`).join('');
  return [
    ...ways.flatMap(({ hostAddress }, at) => ['-chardev', `socket,id=nfs${at},host=${hostAddress},port=${NFS_PORT},reconnect=1`]),
    ...['-netdev', `user,id=net,restrict=on,ipv6=off${forward}${out}`, '-device', 'virtio-net-pci,netdev=net'],
  ];
}

/** A card of its own for what leaves: passt's frames, filtered (libs/hypervisor/src/outbound). */
function outboundArgv(socket: string): string[] {
  const stream = { type: 'stream', id: 'out', server: false, addr: { type: 'unix', path: socket } };
  return ['-netdev', JSON.stringify(stream), '-device', `virtio-net-pci,netdev=out,mac=${OUTBOUND_MAC}`];
}

function shareArgv({ tag, path, readOnly, security }: ShareMount): string[] {
  const file = `local,id=share-${tag},path=${commaSafe(path)},security_model=${security},multidevs=remap`;
  return [
    ...['-fsdev', readOnly ? `${file},readonly=on` : file],
    ...['-device', `virtio-9p-pci,fsdev=share-${tag},mount_tag=${tag}`],
  ];
}

function virtiofsArgv({ tag, path }: ShareMount): string[] {
  return [
    ...['-chardev', `socket,id=share-${tag},path=${commaSafe(path)}`],
    ...['-device', `vhost-user-fs-pci,chardev=share-${tag},tag=${tag},queue-size=1024`],
  ];
}

