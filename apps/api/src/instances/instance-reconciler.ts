import type { InstanceState } from '@beamdesk/contracts';
import { Hypervisor, HypervisorUnreachable, type Machine, MachineRefused } from '@beamdesk/hypervisor';
import { Logger } from '@nestjs/common';
import type { LaunchTimes } from '../launches/launch-times';
import { KEPT_DISK, launchColumns } from '../launches/launch-view';
import { ConsoleSecrets } from './console-secrets';
import type { InstanceEntity } from './entities/instance.entity';
import { isAtRest } from './instance-lifecycle';
import { InstanceSettings } from './instance-settings';
import { InstancesRepository } from './instances.repository';
import { Endings } from './reconciler/endings';
import { FAILURES, failureOfRefusal } from './reconciler/failures';
import { MachineSpecs } from './reconciler/machine-specs';
import { type Again, namesOf, NOW, Progress } from './reconciler/progress';
import { WatchTimes } from './reconciler/watch-times';

/** Where a refusal by the hypervisor ends the launch. */
const IS_COMING_UP: ReadonlySet<InstanceState> = new Set(['REQUESTED', 'BUILDING', 'STARTING']);

/**
 * Brings one instance nearer to what is wanted, whatever it finds. Nothing is remembered between two calls that matters:
 * all is in the row and at the hypervisor, each step may be repeated, and a kill at any line is made good by the next call.
 * The order inside each step is the point: a row promises before a machine exists (port, secret), and lets go only after
 * the machine is confirmed gone.
 */
export class InstanceReconciler {
  private readonly log = new Logger('Reconciler');
  private readonly watched = new WatchTimes();
  private readonly progress: Progress;
  private readonly endings: Endings;

  constructor(
    private readonly instances: InstancesRepository,
    private readonly hypervisor: Hypervisor,
    private readonly specs: MachineSpecs,
    private readonly secrets: ConsoleSecrets,
    private readonly settings: InstanceSettings,
    private readonly launches: Pick<LaunchTimes, 'record'>,
  ) {
    this.progress = new Progress(instances, settings);
    this.endings = new Endings(instances, hypervisor, this.progress);
  }

  /**
   * @param fence aborted when this worker is no longer the one that may act on the host
   * @param hostId of this worker; what other hosts run, or what waits for a host, is not its business
   */
  async reconcile(id: string, fence: AbortSignal, hostId?: string): Promise<void> {
    for (let again: Again = true; again;) {
      const row = await this.instances.find(id);
      if (!row || isAtRest(row.state, row.wanted) || row.queuedAt !== null) return this.watched.forget(id);
      if (hostId !== undefined && row.hostId !== hostId) return this.watched.forget(id);
      this.watched.begin(id);
      fence.throwIfAborted();
      again = await this.step(row).catch((error: unknown) => this.wentWrong(row, error));
    }
  }

  private async wentWrong(row: InstanceEntity, error: unknown): Promise<Again> {
    if (error instanceof HypervisorUnreachable) {
      // Says nothing about the machine: the state stays, only the page learns that it is an old one.
      this.watched.forget(row.id);
      await this.progress.unreachable(row);
      return false;
    }
    if (!(error instanceof MachineRefused) || row.failureCode !== null || !IS_COMING_UP.has(row.state)) throw error;
    this.log.warn({ msg: `instance refused: ${error.reason}: ${error.detail}`, ...namesOf(row) });
    return this.progress.beginFailure(row, failureOfRefusal(error, row.plan));
  }

  private step(row: InstanceEntity): Promise<Again> {
    const { state } = row;
    if (row.wanted === 'DELETED' && state !== 'DELETING')
      return this.progress.move(row, 'DELETING', row.wantedReason, 'Removing the machine');
    if (state === 'DELETING') return this.endings.delete(row);
    if (row.failureCode !== null) return this.endings.fail(row);
    if (state === 'REQUESTED') return this.claim(row);
    if (state === 'STOPPING') return this.endings.stop(row, this.watched.within(row, this.settings.stopLimitMs));
    if (row.wanted === 'STOPPED') return this.progress.move(row, 'STOPPING', row.wantedReason, 'Shutting down');
    if (state === 'BUILDING') return this.build(row);
    return this.follow(row);
  }

  private async claim(row: InstanceEntity): Promise<Again> {
    // Tried again after a failure: whatever came up late from the first try has another port and secret.
    if (row.revision > 0 && !row.builtAt) await this.hypervisor.destroy(row.id);
    const { image, protocol } = await this.specs.imageOf(row);
    // A disk holds what differs from its image: on any other image it would be nonsense.
    const keptOn = row.builtAt && row.imageSha256;
    if (keptOn && keptOn !== image.sha256) return this.progress.beginFailure(row, FAILURES.imageChanged);
    const secret = this.secrets.seal(row.id, this.secrets.newPassword(protocol));
    const grant = { protocol, secret, imageSha256: image.sha256 };
    const claimed = await this.instances.claim(row, grant, 'Making the machine');
    if (claimed === 'no-port') await this.progress.beginFailure(row, FAILURES.noPort);
    return true;
  }

  private async build(row: InstanceEntity): Promise<Again> {
    let machine: Machine | null;
    try {
      machine = await this.switchOn(row);
    } catch (error) {
      const late = !this.watched.within(row, this.settings.buildLimitMs);
      if (error instanceof MachineRefused && error.reason === 'port-taken' && !row.builtAt && !late) {
        this.log.warn({ msg: `port ${row.consolePort} of ${row.hostId} is taken by another program`, ...namesOf(row) });
        if ((await this.instances.takeNextPort(row)) === null) await this.progress.beginFailure(row, FAILURES.noPort);
        return true;
      }
      if (!late || error instanceof HypervisorUnreachable || error instanceof MachineRefused) throw error;
      return this.progress.beginFailure(row, FAILURES.buildTimeout);
    }
    // A kept disk that is gone is said, never replaced by an empty one.
    if (!machine) return this.progress.beginFailure(row, FAILURES.lost);
    const set = { builtAt: row.builtAt ?? NOW, ...launchColumns(machine, row.builtAt !== null) };
    return this.progress.move(row, 'STARTING', 'machine-on', 'Starting the machine', set);
  }

  /** Null: there was a machine for this record, and it is gone. */
  private async switchOn(row: InstanceEntity): Promise<Machine | null> {
    const password = await this.passwordOf(row);
    const found = await this.hypervisor.find(row.id);
    if (!found) return row.builtAt ? null : this.hypervisor.create(await this.specs.specOf(row, password));
    if (found.phase === 'on') return found;
    const gpus = await this.specs.gpusOf(row.id);
    await this.hypervisor.start(row.id, password, { requestId: row.requestId, gpus });
    return { ...found, path: 'cold', coldReason: row.builtAt ? KEPT_DISK : null };
  }

  private async passwordOf(row: InstanceEntity): Promise<string> {
    const sealed = await this.instances.sealedSecret(row.id);
    if (!sealed) throw new Error(`instance ${row.id} is in ${row.state} without a console secret`);
    return this.secrets.open(row.id, sealed);
  }

  /** STARTING and READY: the state follows the machine. */
  private async follow(row: InstanceEntity): Promise<Again> {
    const machine = await this.hypervisor.find(row.id);
    if (!machine) return this.progress.beginFailure(row, FAILURES.lost);
    if (machine.phase === 'off') return this.endings.wentOff(row, machine);
    if (isUp(machine)) {
      if (row.state === 'STARTING') return this.ready(row, machine);
      await this.progress.observe(row, null, machine.notice);
      return false;
    }
    if (row.state === 'READY') {
      // Just after a restart of ours an agent that has not spoken yet is not an agent that is lost.
      const unheard = machine.session === 'unknown' && !machine.sessionLost;
      if (unheard && this.watched.time(row.id) < this.settings.settleMs) return false;
      return this.progress.move(row, 'STARTING', 'session-lost', 'The desktop does not answer; waiting for it');
    }
    return this.start(row, machine);
  }

  private async ready(row: InstanceEntity, machine: Machine): Promise<Again> {
    const set = { readyAt: NOW, ...this.cameUp(row, machine) };
    await this.progress.move(row, 'READY', 'session-on-screen', null, set);
    if (!wasReady(row)) await this.launches.record(row.id, row.revision + 1);
    return true;
  }

  /** A copy that could not be started may have been booted instead; what a guest does later is not its launch. */
  private cameUp(row: InstanceEntity, machine: Machine): Partial<ReturnType<typeof launchColumns>> {
    return wasReady(row) ? {} : launchColumns(machine, row.launchColdReason === KEPT_DISK);
  }

  private async start(row: InstanceEntity, machine: Machine): Promise<Again> {
    // Once somebody may have worked in it, a silent desktop is waited for until it expires: their work is in its memory.
    if (!wasReady(row) && !this.watched.within(row, this.settings.startLimitMs))
      return this.progress.beginFailure(row, FAILURES.startTimeout);
    const came = this.cameUp(row, machine);
    if (machine.session !== 'unknown' && !machine.personalised) {
      const what = this.specs.personalisationOf(row, await this.passwordOf(row));
      await Promise.all([
        this.hypervisor.personalise(row.id, what, this.settings.personaliseMs),
        this.progress.observe(row, 'Opening your data', machine.notice, came),
      ]);
      const told = await this.hypervisor.find(row.id);
      // What was noted meanwhile moved nothing: the row at hand still tells whether somebody else did.
      return told && isUp(told) ? this.ready(row, told) : (told?.personalised ?? true);
    }
    const booting = wasReady(row) ? row.step : 'Starting the machine';
    const step = machine.session === 'unknown' ? booting : 'Starting the desktop';
    await this.progress.observe(row, step, machine.notice, came);
    return false;
  }
}

/** Its session was on the screen since the last click. */
function wasReady({ readyAt, launchedAt }: InstanceEntity): boolean {
  return readyAt !== null && readyAt >= launchedAt;
}

function isUp({ phase, session, personalised }: Machine): boolean {
  return phase === 'on' && session === 'up' && personalised;
}
