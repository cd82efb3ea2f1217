import { Accelerator } from '../argv';
import { MachineOrder } from '../machine-order';

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
  /** MiB free where machines keep their disks. */
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
   * Starts the machine's process, with overlay and scratch made when missing. The guest waits for QMP `cont`.
   * @throws MachineRefused image or share can't be had
   */
  spawn(order: MachineOrder): Promise<{ process: ProcessIdentity; argv: string[] }>;
  /** The process of this machine, if there is one, whatever the record says. */
  locate(id: string): Promise<ProcessIdentity | null>;
  /** Kills exactly that process of that machine and waits until it is gone; gone already is success. */
  kill(id: string, process: ProcessIdentity): Promise<void>;
  /** What a scratch folder holds, bytes as allocated; and what is free on its file system. */
  scratchUsage(path: string): Promise<{ usedBytes: number; freeBytes: number }>;
  /** Removes the machine's folder with all in it. Refuses while its process lives. */
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}
