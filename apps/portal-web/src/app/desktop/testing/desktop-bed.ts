import { Provider, WritableSignal, computed, signal } from '@angular/core';
import type { ConsoleProtocol, InstanceView } from '@beamdesk/contracts';
import { Subject } from 'rxjs';
import type { ConnectionState } from '../../api/events.client';
import { InstancesApi } from '../../api/instances.api';
import { InstancesStore } from '../../api/instances.store';
import { Wake } from '../../api/wake';
import type { ScreenSize } from '../best-size';
import { RemoteDisplay } from '../remote-display/remote-display';
import { ObedientDisplay } from './obedient-display';

export const ID = '7b0c7b1e-3a52-4f0e-9d0a-6f7a3f3f9a11';
const NEEDS = { machines: 1, vcpus: 2, memoryMib: 2048, storageMib: 4096, gpus: 0 };

/** A desktop that runs, with what a test wants different. */
export function instanceView(more: Partial<InstanceView> = {}): InstanceView {
  const now = new Date().toISOString();
  return {
    id: ID,
    proposalKey: 'demo:site:20260301',
    proposalName: '20260301',
    proposalTitle: 'Strain in welds',
    service: 'desktop',
    plan: { id: 'p', name: 'Analysis', description: '', needs: NEEDS, lifetimeMinutes: 480, keepsDisk: false, idleMinutes: null, network: 'none', extension: null },
    state: 'READY',
    wanted: 'RUNNING',
    step: null,
    stateSince: now,
    createdAt: now,
    expiresAt: null,
    lastAccessAt: null,
    unreachable: false,
    observedAt: now,
    failure: null,
    notice: null,
    allocation: NEEDS,
    launch: null,
    role: 'OWNER',
    ...more,
  };
}

/**
 * What surrounds the desktop page, in a test's hand: the pushed instance, the tickets, the display, the alarm clock.
 */
export class DesktopBed {
  readonly display = new ObedientDisplay();
  readonly instance: WritableSignal<InstanceView | undefined> = signal(instanceView());
  readonly loaded = signal(true);
  /** Of the pushes. */
  readonly connection: WritableSignal<ConnectionState> = signal('open');
  readonly wakes = new Subject<void>();
  /** What the store tells at once, apart from the signal. */
  readonly changes = new Subject<InstanceView>();
  readonly launched: string[] = [];
  tickets = 0;
  /** Of the desktop's console. */
  protocol: ConsoleProtocol = 'vnc';
  /** What the portal was asked for as the size of the guest's screen. */
  readonly sizes: string[] = [];
  /** Set to have these wishes refused. */
  sizeError: Error | undefined;
  /** Set to make tickets fail. */
  ticketError: Error | undefined;
  /** Set to leave requests for tickets without an answer. */
  ticketsHang = false;

  readonly providers: Provider[] = [
    { provide: RemoteDisplay, useValue: this.display },
    { provide: Wake, useValue: { wakes: this.wakes } },
    {
      provide: InstancesApi,
      useValue: {
        ticket: async () => {
          if (this.ticketError) throw this.ticketError;
          if (this.ticketsHang) await new Promise(() => undefined);
          return { ticket: `ticket-${++this.tickets}`, path: '/desktop', expiresAt: '', protocol: this.protocol };
        },
        setDisplay: async (_id: string, { width, height }: ScreenSize) => {
          this.sizes.push(`${width}x${height}`);
          if (this.sizeError) throw this.sizeError;
        },
      },
    },
    {
      provide: InstancesStore,
      useValue: {
        loaded: this.loaded,
        connection: this.connection,
        changes: this.changes,
        askedAt: ({ stateSince }: InstanceView) => Date.parse(stateSince),
        byId: (id: string) => computed(() => (id === ID ? this.instance() : undefined)),
        launch: async (key: string) => this.launched.push(key),
        stop: async () => undefined,
      },
    },
  ];
}
