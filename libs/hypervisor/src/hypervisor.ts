import { GuestFiles } from './files/guest-files';
import { Gpu } from './gpu/gpu';
import { DisplaySize, HostCapacity, Machine, MachineSpec, NextLaunch, Personalisation, ShareUse, Template, TemplateSpec } from './machine';

/**
 * Port to what runs machines; fits QEMU on this host and OpenStack Nova alike.
 * Every method throws `HypervisorUnreachable` when the hypervisor cannot be asked, which is never "gone".
 */
export abstract class Hypervisor {
  /**
   * Makes the machine and switches it on. Idempotent on `spec.id`: a second call with the id of a machine that exists
   * changes nothing and answers it. Returns when accepted, not when booted.
   * @throws MachineRefused the spec can't be carried out (image, share, port, memory, disk): nothing is left behind
   */
  abstract create(spec: MachineSpec): Promise<Machine>;
  /**
   * Tells the guest whose it is, and the password of a console it serves itself, and mounts its shares. Idempotent; anew after
   * every boot of the guest. Waits for the agent, at most `timeoutMs`.
   */
  abstract personalise(id: string, what: Personalisation, timeoutMs: number): Promise<void>;
  /**
   * Gives the guest's screen this size, or the nearest that it can have (widths may be rounded down to a multiple of 8); nothing that
   * outlives the guest's run. Returns when the screen has it.
   * @throws HypervisorError display-fixed: the guest cannot, and trying again is pointless; agent-failed: it is off or did not answer
   */
  abstract setDisplay(id: string, size: DisplaySize): Promise<void>;
  /**
   * The files of a machine that is on and whose guest serves them, as its user may use them; close what you get.
   * @throws GuestFilesError unavailable
   */
  abstract files(id: string): Promise<GuestFiles>;
  /** What the machine's writable shares held a moment ago; those that were not measured yet, or of no machine that is on, are left out. */
  abstract shareUses(id: string): Promise<ShareUse[]>;
  /** Processor time that the machine has used since it was switched on, seconds: that of the guest and of what serves it. Null: it is not on. */
  abstract cpuSeconds(id: string): Promise<number | null>;
  /**
   * Switches an existing machine that is off on again; no effect when it is on. The console password is set anew; where the
   * guest serves the console, by the `personalise` that follows. What `launch` does not say stays as it was.
   */
  abstract start(id: string, consolePassword: string, launch?: NextLaunch): Promise<void>;
  /**
   * Off with the disk kept; absent or off is success. `ask` (the default) asks the guest to power off and returns at once;
   * `cut`, for a guest that does not, takes the power away and returns when it is off.
   */
  abstract stop(id: string, how?: 'ask' | 'cut'): Promise<void>;
  /**
   * Has templates for exactly these kinds of machine: missing ones are built one at a time, in the order given; those no longer
   * named go when no machine needs them. Returns at once; call it again whenever the offer changed.
   */
  abstract keepTemplates(specs: TemplateSpec[]): Promise<void>;
  /** Those asked for, in order, then old ones that machines still need. */
  abstract templates(): Promise<Template[]>;
  /** Builds one anew, also one that was set aside; running copies keep the old one. Unknown keys are ignored. */
  abstract rebuildTemplate(key: string): Promise<void>;
  /** Ends the machine and removes everything it held; returns when it is gone. Absent is success. */
  abstract destroy(id: string): Promise<void>;
  /** Null = surely gone. */
  abstract find(id: string): Promise<Machine | null>;
  /** Every machine of this kind on the host, those of other installations included. */
  abstract list(): Promise<Machine[]>;
  abstract check(): Promise<HostCapacity>;
  /** The host's graphics cards as they are now, usable by machines or not; in order of address. */
  abstract gpus(): Promise<Gpu[]>;
  /** A hint that something about a machine changed (agent, power); losing hints must do no harm. Returns the way to stop. */
  abstract watch(changed: (id: string) => void): () => void;
  /** Lets go of sockets and timers; machines run on. */
  abstract close(): Promise<void>;
}
