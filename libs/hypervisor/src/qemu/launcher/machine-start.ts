import { RunAs } from '../../machine';
import { Accelerator, qemuArgv, StartForm } from '../argv';
import { MachineOrder } from '../machine-order';
import { privileged } from './confined';
import { kvmGroups } from './kvm-probe';
import { Started } from './launcher';
import { LauncherConfig } from './launcher-config';
import { TemplateBase } from './local-templates';
import { inherited, inheritedNumber, startQemu } from './qemu-process';
import { securityOf } from './scratch';
import { OpenShare } from './shares';

export interface StartParts {
  shares: OpenShare[];
  /** What QEMU must see to read the image. */
  imageFolders: string[];
  /** The template its disk lies on, with an open state where it is to continue from it. */
  base: TemplateBase | null;
  backing: [string, ...string[]];
  /** The machine's own folder. */
  files: string;
  runAs: RunAs | null;
  log: string;
}

/** Starts the QEMU of one machine, with nothing in sight but what it needs. */
export function startMachine(
  config: LauncherConfig,
  order: MachineOrder,
  accelerator: Accelerator,
  parts: StartParts,
): Started {
  const { shares, base, files, runAs } = parts;
  const mounts = shares.map(({ tag, readOnly, realPath }, at) => ({
    tag,
    readOnly,
    path: privileged() ? `/shares/${tag}` : inherited(at),
    security: readOnly ? ('none' as const) : securityOf(realPath),
  }));
  const argv = qemuArgv(order, accelerator, mounts, formOf(parts));
  const placed = (readOnly: boolean) =>
    shares.flatMap((share, at): [string, string][] =>
      share.readOnly === readOnly ? [[inherited(at), `/shares/${share.tag}`]] : [],
    );
  const state = base?.state === undefined ? [] : [base.state];
  const memory = base && state.length ? [base.memory] : [];
  const process = startQemu(config, {
    ...{ id: order.id, argv, cwd: files, log: parts.log, patient: false },
    sight: {
      ro: [...parts.imageFolders, ...(base ? [base.disk] : []), ...(base?.memoryIsReadOnly ? memory : [])],
      rw: [files, ...(base?.memoryIsReadOnly ? [] : memory)],
      roAt: placed(true),
      rwAt: placed(false),
    },
    descriptors: [...shares.map(({ descriptor }) => descriptor), ...state],
    runAs: withGroups(runAs, accelerator, base ? config.runAs : null),
  });
  return { process, argv, stateUri: state.length ? `fd:${inheritedNumber(shares.length)}` : null };
}

function formOf({ base, backing }: StartParts): StartForm {
  if (base?.state === undefined) return { kind: 'boot', memory: null, backing };
  return { kind: 'resume', memory: base.memory, memoryIsReadOnly: base.memoryIsReadOnly, backing };
}

/** The ids of a machine with the groups it needs beside: that of /dev/kvm, and that which may open a template's files. */
function withGroups(runAs: RunAs | null, accelerator: Accelerator, templates: RunAs | null): RunAs | null {
  if (!runAs) return null;
  const more = [...(accelerator === 'kvm' ? kvmGroups() : []), ...(templates ? [templates.gid] : [])];
  return { ...runAs, groups: [...new Set([...runAs.groups, ...more])] };
}
