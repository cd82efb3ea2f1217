import { Injectable, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { InstanceView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { InstancesStore } from '../api/instances.store';
import { Toasts } from '../shell/toasts.store';
import { diskNotice } from './disk-words';
import { StopDialog, StopQuestion } from './stop-dialog';

/** Stop, delete and dismiss, each with the question it needs; a failure is told in a toast. */
@Injectable({ providedIn: 'root' })
export class StopDesktop {
  private readonly dialog = inject(MatDialog);
  private readonly instances = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly pending = signal<ReadonlySet<string>>(new Set());

  /** A request about this instance is on its way. */
  busy(id: string): boolean {
    return this.pending().has(id);
  }

  /** Asks, then stops the machine. True when it was asked of the server and accepted. */
  async stop(instance: InstanceView): Promise<boolean> {
    return (await this.confirm(stopQuestion(instance))) && this.run(instance.id, () => this.instances.stop(instance.id));
  }

  /** Takes a launch out of the queue; nothing runs yet, so nothing is asked. */
  leaveQueue(instance: InstanceView): Promise<boolean> {
    return this.run(instance.id, () => this.instances.stop(instance.id));
  }

  /** Asks, then gives up a stopped desktop and the disk it kept. */
  async remove(instance: InstanceView): Promise<boolean> {
    const accepted = await this.confirm(removeQuestion(instance));
    return accepted && this.run(instance.id, () => this.instances.remove(instance.id));
  }

  /** Puts a failed desktop away; nothing is left to lose, so nothing is asked. */
  dismiss(instance: InstanceView): Promise<boolean> {
    return this.run(instance.id, () => this.instances.remove(instance.id));
  }

  private async confirm(data: StopQuestion): Promise<boolean> {
    const dialog = this.dialog.open(StopDialog, { data, width: '440px', autoFocus: 'first-tabbable' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }

  private async run(id: string, action: () => Promise<void>): Promise<boolean> {
    this.pending.update((ids) => new Set(ids).add(id));
    try {
      await action();
      return true;
    } catch (error) {
      this.toasts.error(error);
      return false;
    } finally {
      this.pending.update((ids) => new Set([...ids].filter((other) => other !== id)));
    }
  }
}

function stopQuestion({ proposalName, plan }: InstanceView): StopQuestion {
  return {
    title: `Stop the desktop of ${proposalName}?`,
    consequences: [
      'Open programs are closed and what you have not saved is lost. Your data and your scratch folder stay.',
      plan.keepsDisk
        ? diskNotice(plan)
        : 'The disk of this desktop is thrown away. Keep your results in /scratch before you stop it.',
    ],
    confirm: 'Stop the desktop',
    refuse: 'Keep it running',
  };
}

function removeQuestion({ proposalName }: InstanceView): StopQuestion {
  return {
    title: `Delete the desktop of ${proposalName}?`,
    consequences: ['The disk that was kept is thrown away for good. Your data and your scratch folder stay.'],
    confirm: 'Delete the desktop',
    refuse: 'Keep it',
  };
}
