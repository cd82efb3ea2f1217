import { Gpu } from '../../gpu/gpu';
import { Accelerator } from '../argv';
import { MachineOrder, TemplateOrder } from '../machine-order';
import { TemplateRecord } from '../templates/template-record';

/** A process beyond doubt: a pid is reused, a pid with its start time (clock ticks since boot) is not. */
export interface ProcessIdentity {
  pid: number;
  startTime: number;
}

export interface HostFigures {
  accelerator: Accelerator;
  /** Why hardware virtualisation is not used; null when it is, or when nobody asked for it. */
  warning: string | null;
  vcpus: number;
  /** MiB; the tighter of the computer's and the control group's. */
  memoryTotalMib: number;
  memoryAvailableMib: number;
  /** Of the file system on which machines keep their disks, MiB; and what of it is free. */
  diskTotalMib: number;
  diskAvailableMib: number;
}

/**
 * All that needs privilege, as a closed vocabulary. The same code runs inside the api (no privilege to have) or as a process of its own
 * started as root. Every argument is checked there again: whoever calls may be an api with a hole.
 */
export interface Launcher {
  figures(): Promise<HostFigures>;
  /** Makes the machine's folder; nothing when it is there. */
  prepare(id: string): Promise<void>;
  /** Replaces `machine.json` as a whole or not at all. */
  writeRecord(id: string, text: string): Promise<void>;
  /**
   * Starts the machine's process, with overlay and scratch made when missing. The guest waits for QMP `cont`. `resume`: the guest continues from
   * the order's template; QEMU waits for QMP `migrate-incoming` with the uri given back.
   * @throws MachineRefused image, share or template can't be had
   */
  spawn(order: MachineOrder, resume: boolean): Promise<Started>;
  /** The process of this machine, if there is one, whatever the record says. */
  locate(id: string): Promise<ProcessIdentity | null>;
  /** Kills exactly that process of that machine and waits until it is gone; gone already is success. */
  kill(id: string, process: ProcessIdentity): Promise<void>;
  /** Tags of the machine's shares that a living process serves by virtiofs; one that is missing here does not answer its guest any more. */
  servedTags(id: string): Promise<string[]>;
  /** What a scratch folder holds, bytes as allocated; and what is free on its file system. */
  scratchUsage(path: string): Promise<{ usedBytes: number; freeBytes: number }>;
  /** Removes the machine's folder with all in it. Refuses while its process lives. */
  remove(id: string): Promise<void>;
  /** The key of the templates that such machines are copied from. @throws MachineRefused the image can't be had */
  templateKey(order: TemplateOrder): Promise<string>;
  /** Replaces a template's record as a whole or not at all; makes its folder when missing. */
  writeTemplate(id: string, text: string): Promise<void>;
  /** Starts the machine that is to be saved, in an emptied folder; it waits for QMP `cont`. */
  spawnTemplate(id: string, order: TemplateOrder): Promise<SpawnedTemplate>;
  /** Makes ready to take that machine's state; gives the uri for QMP `migrate`. */
  receiveState(id: string): Promise<string>;
  /** Once that machine has ended: keeps state, memory and disk, unchangeable from now on. @throws MachineRefused no-disk, start-failed */
  sealTemplate(id: string): Promise<TemplateFiles>;
  /** Compares a template's files with what is known of them, by their sums where `thorough` or in doubt. @throws MachineRefused template-broken */
  checkTemplate(id: string, known: TemplateFiles, thorough: boolean): Promise<TemplateFiles>;
  /** Ends the machine that is being saved, and removes the template's files, and its record unless that is to be kept. Copies that run keep what they have open. */
  removeTemplate(id: string, keepRecord: boolean): Promise<void>;
  /** The host's graphics cards. */
  gpus(): Promise<Gpu[]>;
  /** Takes a card of the allowed ones from the host, reset; nothing when it is so already. @throws MachineRefused gpu-unusable */
  gpuBind(address: string): Promise<void>;
  /** Gives it back to the host, reset. @throws MachineRefused gpu-unusable: a machine that runs has it */
  gpuRelease(address: string): Promise<void>;
  close(): Promise<void>;
}

export type TemplateFiles = NonNullable<TemplateRecord['files']>;

/** The machine that is to be saved, by the id it runs as. */
export interface SpawnedTemplate {
  machine: string;
  process: ProcessIdentity;
}

export interface Started {
  process: ProcessIdentity;
  argv: string[];
  /** Where a resumed machine's state comes from; null when it boots. */
  stateUri: string | null;
}
