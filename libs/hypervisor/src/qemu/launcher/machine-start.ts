import { chownSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunAs } from '../../machine';
import { Accelerator, NfsWay, qemuArgv, ShareMount, StartForm } from '../argv';
import { MachineOrder } from '../machine-order';
import { privileged } from './confined';
import { kvmGroups } from './kvm-probe';
import { Started } from './launcher';
import { LauncherConfig } from './launcher-config';
import { TemplateBase } from './local-templates';
import { inherited, inheritedNumber, startQemu } from './qemu-process';
import { securityOf } from './scratch';
import { ServedShares } from './share-servers';
import { seenAs } from './seen-as';
import { OpenShare } from './shares';
import { WayOut } from './way-out';

export interface StartParts {
  shares: OpenShare[];
  /** What serves those that go by virtiofs. */
  served: ServedShares;
  nfs: NfsWay[] | null;
  /** What QEMU must see to read the image. */
  imageFolders: string[];
  /** The template its disk lies on, with an open state where it is to continue from it. */
  base: TemplateBase | null;
  backing: string[];
  /** Of a machine that begins with UEFI. */
  firmware?: string;
  /** Path of its disk for cloud-init. */
  seed?: string;
  wayOut?: WayOut;
  /** Cards that are bound for it: their functions, and the IOMMU groups by which it reaches them. */
  gpus?: { functions: string[][]; groups: number[] };
  /** The machine's own folder. */
  files: string;
  runAs: RunAs | null;
  log: string;
}

/** Starts the QEMU of one machine, with nothing in sight but what it needs. */
export function startMachine(
  config: LauncherConfig,
  order: MachineOrder,
  proven: Accelerator,
  parts: StartParts,
): Started {
  // The host's own processor runs guests of its own kind only.
  const accelerator = order.image.architecture === 'x86_64' ? proven : 'tcg';
  const { shares: all, served, base, files, runAs } = parts;
  // In the order of the machine's shares, as they are in a template.
  const shares = all.filter(({ tag }) => !served.sockets.has(tag));
  const mounts = all.map((share): ShareMount => {
    const { tag, readOnly, realPath } = share;
    const socket = served.sockets.get(tag);
    if (socket !== undefined) return { tag, readOnly, kind: 'virtiofs', path: socket, security: 'none' };
    const path = privileged() ? `/shares/${tag}` : inherited(shares.indexOf(share));
    return { tag, readOnly, kind: '9p', path, security: readOnly ? 'none' : securityOf(realPath) };
  });
  const argv = qemuArgv(order, accelerator, mounts, formOf(parts));
  const placed = (readOnly: boolean) =>
    shares.flatMap((share, at): [string, string][] =>
      share.readOnly === readOnly ? [[inherited(at), `/shares/${share.tag}`]] : [],
    );
  const seen = seenAs(order.runAs, runAs, shares);
  const cards = giveCards(parts.gpus?.groups ?? [], runAs);
  const state = base?.state === undefined ? [] : [base.state];
  const memory = base && state.length ? [base.memory] : [];
  const process = startQemu(config, {
    ...{ id: order.id, argv, cwd: files, log: parts.log, patient: false, holdsMemory: cards.length > 0 },
    sight: {
      ro: [...parts.imageFolders, ...(parts.seed === undefined ? [] : [dirname(parts.seed)]), ...(base ? [base.disk] : []), ...(base?.memoryIsReadOnly ? memory : [])],
      rw: [files, ...(base?.memoryIsReadOnly ? [] : memory)],
      roAt: [...placed(true), ...(served.sight ? [served.sight] : []), ...(parts.wayOut?.sight ? [parts.wayOut.sight] : [])],
      rwAt: placed(false),
      devices: cards,
      ...(seen ? { seenAs: seen } : {}),
    },
    descriptors: [...shares.map(({ descriptor }) => descriptor), ...state],
    runAs: withGroups(runAs, accelerator, base ? config.runAs : null),
  });
  return { process, argv, stateUri: state.length ? `fd:${inheritedNumber(shares.length)}` : null };
}

function formOf({ base, backing, nfs, firmware, seed, wayOut, gpus }: StartParts): StartForm {
  if (base?.state === undefined) {
    const beside = { ...(firmware && { firmware }), ...(seed && { seed }), ...(wayOut && { outbound: wayOut.socket }), ...(gpus && { gpus: gpus.functions }) };
    return { kind: 'boot', memory: null, backing, nfs, ...beside };
  }
  return { kind: 'resume', memory: base.memory, memoryIsReadOnly: base.memoryIsReadOnly, backing, nfs };
}

/** The devices by which a machine reaches its cards, made its user's own (kernel docs, "VFIO"). */
function giveCards(groups: number[], runAs: RunAs | null): string[] {
  if (groups.length === 0) return [];
  const devices = groups.map((group) => `/dev/vfio/${group}`);
  if (privileged() && runAs) for (const device of devices) chownSync(device, runAs.uid, runAs.gid);
  return ['/dev/vfio/vfio', ...devices];
}

/** The ids of a machine with the groups it needs beside: that of /dev/kvm, and that which may open a template's files. */
function withGroups(runAs: RunAs | null, accelerator: Accelerator, templates: RunAs | null): RunAs | null {
  if (!runAs) return null;
  const more = [...(accelerator === 'kvm' ? kvmGroups() : []), ...(templates ? [templates.gid] : [])];
  return { ...runAs, groups: [...new Set([...runAs.groups, ...more])] };
}
