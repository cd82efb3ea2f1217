import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { DesktopMessage } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { InstancesStore } from '../api/instances.store';
import { createLoader } from '../api/loader';
import { MonitorApi } from '../api/monitor.api';
import { Icon } from '../shell/icon';
import { MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';

const FROM: Partial<Record<DesktopMessage['from'], string>> = { ADMIN: 'the administrators', SUPPORT: 'the support' };

/** What the staff wrote about one's desktops, one of them or all, at once and until it is dismissed; also when the desktop is gone. */
@Component({
  selector: 'bd-desktop-messages',
  imports: [Icon, MatButton, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div role="status">
      @for (message of shown(); track message.id) {
        <div class="message" [attr.data-message]="message.id">
          <bd-icon name="info" />
          <p>
            <strong>From {{ from(message) }}{{ desktop() ? '' : ', about ' + message.proposalName }}:</strong>
            <span class="text">{{ message.text }}</span>
            <span class="at">{{ message.at | bdMoment }}</span>
          </p>
          <button matButton type="button" [disabled]="busy() === message.id" (click)="dismiss(message)">Dismiss</button>
        </div>
      }
    </div>
  `,
  styles: `
    .message {
      display: flex;
      gap: 10px;
      align-items: center;
      padding: 6px 8px 6px 14px;
      border-block: 1px solid var(--bd-warn-line);
      color: var(--bd-warn);
      background: var(--bd-warn-wash);
      font-size: 0.9rem;
    }
    .message + .message {
      border-top: 0;
    }
    p {
      flex: 1;
      min-width: 0;
      margin: 0;
      overflow-wrap: anywhere;
    }
    .text {
      margin-inline: 6px;
      color: var(--mat-sys-on-surface);
      white-space: pre-line;
    }
    .at {
      font-size: 0.8rem;
    }
    button {
      flex: none;
    }
  `,
})
export class DesktopMessages {
  /** Only what is about this one; undefined: about all. */
  readonly desktop = input<string>();

  private readonly api = inject(MonitorApi);
  private readonly instances = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly loader = createLoader(() => this.api.messages());
  private readonly dismissed = signal<ReadonlySet<string>>(new Set());
  protected readonly busy = signal('');
  /** What was pushed; another text: something came, went or was dismissed elsewhere. */
  private readonly pushed = computed(() => {
    const desktop = this.desktop();
    const about = desktop === undefined ? this.instances.all() : [this.instances.byId(desktop)()];
    return about.flatMap((one) => (one?.messages ?? []).map(({ id }) => id)).join(' ');
  });
  protected readonly shown = computed(() =>
    (this.loader.value()?.items ?? []).filter(
      ({ id, desktop }) => !this.dismissed().has(id) && (this.desktop() === undefined || desktop === this.desktop()),
    ),
  );

  constructor() {
    let asked = false;
    effect(() => {
      const pushed = this.pushed();
      // About one desktop nothing has to be asked before something was pushed.
      if (!asked && pushed === '' && this.desktop() !== undefined) return;
      asked = true;
      untracked(() => this.loader.load(undefined));
    });
  }

  protected from({ from }: DesktopMessage): string {
    return FROM[from] ?? 'the staff';
  }

  protected async dismiss({ id }: DesktopMessage): Promise<void> {
    this.busy.set(id);
    try {
      await firstValueFrom(this.api.dismiss(id), { defaultValue: undefined });
      this.dismissed.update((ids) => new Set(ids).add(id));
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.busy.set('');
    }
  }
}
