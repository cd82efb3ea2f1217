import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { MonitoredHost, MonitoredHosts } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { Clock } from '../api/clock';
import { MonitorApi } from '../api/monitor.api';
import { SessionStore } from '../api/session.store';
import { createWatchedList } from '../api/watched-list';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { ago } from '../shell/durations';
import { Problem } from '../shell/problem';
import { MomentPipe } from '../shell/time.pipes';
import { Toasts } from '../shell/toasts.store';
import { ListWait } from '../staff/list-wait';
import { hostBars, hostState } from './host-words';
import { LoadBar } from './load-bar';
import { SiteTabs } from './site-tabs';

const AGAIN_MS = 10_000;

/** The computers that run desktops. For STAFF, SUPPORT and ADMIN; to drain one is the ADMIN's. */
@Component({
  selector: 'bd-hosts-page',
  imports: [ListWait, LoadBar, MatButton, MomentPipe, Problem, RouterLink, SiteTabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './hosts-page.html',
  styleUrl: './hosts-page.scss',
})
export class HostsPage {
  private readonly api = inject(MonitorApi);
  private readonly clock = inject(Clock);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(SessionStore);
  protected readonly watched = createWatchedList<null, MonitoredHosts>(
    null,
    () => this.api.hosts(),
    () => AGAIN_MS,
  );
  /** Id of the host that is being drained, or taken back. */
  protected readonly busy = signal('');
  protected readonly bars = hostBars;
  protected readonly state = hostState;

  protected readonly summary = computed(() => {
    const { items = [], queued = 0 } = this.watched.page() ?? {};
    const hosts = items.length === 1 ? 'One host' : `${items.length} hosts`;
    if (queued === 0) return `${hosts}, no launch waits.`;
    return `${hosts}, ${queued === 1 ? 'one launch waits' : `${queued} launches wait`} for room.`;
  });

  protected since(iso: string): string {
    return ago(this.clock.now() - Date.parse(iso));
  }

  /** Asks first: nothing new is started there from then on. */
  protected async drain({ id, desktops, draining }: MonitoredHost): Promise<void> {
    const data: StopQuestion = {
      title: `Drain ${id}?`,
      consequences: [
        'No new desktop is started there; launches go to other hosts, or wait.',
        desktops === 0 ? 'Nothing runs there now.' : `What runs there now (${desktops}) goes on until it ends.`,
      ],
      confirm: 'Drain',
      calm: true,
      refuse: 'Leave it',
    };
    if (!draining) {
      const dialog = this.dialog.open(StopDialog, { data, width: '440px', autoFocus: 'first-tabbable' });
      if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    }
    this.busy.set(id);
    try {
      await firstValueFrom(this.api.drain(id, draining ? 'undrain' : 'drain'), { defaultValue: undefined });
      this.toasts.info(draining ? `${id} takes launches again.` : `${id} takes no more launches.`);
    } catch (error) {
      this.toasts.error(error);
    } finally {
      this.busy.set('');
      this.watched.load();
    }
  }
}
