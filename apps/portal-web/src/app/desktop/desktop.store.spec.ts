import { TestBed } from '@angular/core/testing';
import { ApiError } from '../api/api-error';
import { toUserMessage } from '../api/user-message';
import { ClipboardSync } from './clipboard-sync';
import { DesktopStore } from './desktop.store';
import { MatchWindow } from './match-window';
import { DesktopBed, ID, instanceView } from './testing/desktop-bed';

describe('DesktopStore', () => {
  let bed: DesktopBed;
  let store: DesktopStore;
  let frame: HTMLElement;

  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Math, 'random').mockReturnValue(1);
    bed = new DesktopBed();
    const clipboard = { pull: async () => null, push: async () => undefined, sent: () => undefined };
    TestBed.configureTestingModule({
      providers: [...bed.providers, DesktopStore, MatchWindow, { provide: ClipboardSync, useValue: clipboard }],
    });
    store = TestBed.inject(DesktopStore);
    frame = document.createElement('div');
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /** Lets effects, promises and timers of `ms` happen. */
  async function pass(ms = 0): Promise<void> {
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(ms);
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(0);
  }

  async function begin(): Promise<void> {
    store.watch(ID);
    store.attach(frame);
    await pass();
  }

  async function live(): Promise<void> {
    await begin();
    bed.display.latest.listener.picture();
    await pass();
  }

  it('asks for a ticket just before it connects, and is live with the first picture', async () => {
    await begin();
    expect(store.status().kind).toBe('connecting');
    expect(bed.display.latest.request).toEqual({
      path: '/desktop',
      ticket: 'ticket-1',
      width: 1280,
      height: 800,
      dpi: 96,
      protocol: 'vnc',
    });
    bed.display.latest.listener.picture();
    expect(store.status()).toEqual({ kind: 'live', stable: true });
  });

  it('asks for nothing while the machine is not ready, and connects by itself once it is', async () => {
    bed.instance.set(instanceView({ state: 'STARTING' }));
    await begin();
    expect([store.status().kind, bed.tickets]).toEqual(['idle', 0]);
    bed.instance.set(instanceView());
    await pass();
    expect(store.status().kind).toBe('connecting');
  });

  it('asks for the ticket in the moment READY is pushed, before any rendering', async () => {
    bed.instance.set(instanceView({ state: 'STARTING' }));
    await begin();
    expect(store.comingUp()).toBe(true);
    bed.instance.set(instanceView());
    bed.changes.next(instanceView());
    expect(bed.tickets).toBe(1);
    await pass();
    expect(bed.tickets).toBe(1);
    expect([store.status().kind, store.comingUp()]).toEqual(['connecting', true]);
    bed.display.latest.listener.picture();
    expect(store.comingUp()).toBe(false);
  });

  it('is not at a start when it enters a desktop that runs, nor after a connection was lost', async () => {
    await begin();
    expect(store.comingUp()).toBe(false);
    bed.instance.set(instanceView({ state: 'STARTING' }));
    await pass();
    bed.display.latest.listener.ended(520);
    await pass();
    expect([store.status().kind, store.comingUp()]).toEqual(['idle', true]);
    bed.instance.set(instanceView());
    await pass();
    bed.display.latest.listener.ended(520);
    expect(store.comingUp()).toBe(false);
  });

  it.each([519, 520, 514, 512, 776])('comes back after status %d with a fresh ticket', async (status) => {
    await live();
    bed.display.latest.listener.ended(status);
    expect(store.status()).toMatchObject({ kind: 'reconnecting', attempt: 2 });
    await pass(500);
    expect(bed.display.connections).toHaveLength(2);
    expect(bed.display.latest.request.ticket).toBe('ticket-2');
    bed.display.latest.listener.picture();
    expect(store.status().kind).toBe('live');
  });

  it('leaves more time between attempts that fail, and starts anew after a connection that lasted', async () => {
    await live();
    const waits: number[] = [];
    for (let failure = 0; failure < 4; failure++) {
      bed.display.latest.listener.ended(520);
      const status = store.status();
      waits.push(status.kind === 'reconnecting' ? status.retryAt - Date.now() : -1);
      await pass(waits[failure]);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    bed.display.latest.listener.picture();
    await pass(10_001);
    bed.display.latest.listener.ended(520);
    expect(store.status()).toMatchObject({ kind: 'reconnecting', attempt: 2, retryAt: Date.now() + 500 });
  });

  it.each([
    [771, 'forbidden'],
    [523, 'stopped'],
    [0, 'closed'],
  ])('stays away after status %d, until the person asks', async (status, reason) => {
    await live();
    bed.display.latest.listener.ended(status);
    await pass(120_000);
    expect(store.status()).toMatchObject({ kind: 'ended', reason });
    expect(bed.display.connections).toHaveLength(1);
    store.reconnectNow();
    await pass();
    expect(bed.display.connections).toHaveLength(2);
  });

  it('does not ask for ever for tickets that are refused when used', async () => {
    await begin();
    for (let refusals = 0; refusals < 3; refusals++) {
      bed.display.latest.listener.ended(769);
      await pass(2000);
    }
    expect(store.status()).toMatchObject({ kind: 'ended', reason: 'signed-out' });
    expect(bed.tickets).toBe(3);
  });

  it('says why a ticket was refused', async () => {
    bed.ticketError = new ApiError(403, toUserMessage(403, { code: 'NOT_AUTHORISED', message: 'Your team left.' }));
    await begin();
    expect(store.status()).toEqual({ kind: 'ended', reason: 'forbidden', message: 'Your team left.' });
  });

  it('keeps trying while the portal restarts', async () => {
    bed.ticketError = new ApiError(0, toUserMessage(0, null));
    await begin();
    await pass(5000);
    expect(store.status().kind).toBe('reconnecting');
    bed.ticketError = undefined;
    await pass(8000);
    expect(store.status().kind).toBe('connecting');
  });

  it('gives up a connection without a picture', async () => {
    await begin();
    const [first] = bed.display.connections;
    await pass(25_000);
    expect(store.status()).toMatchObject({ kind: 'reconnecting', reason: 'silent' });
    expect(first.done).toContain('disconnect');
    first.listener.picture();
    expect(store.status().kind).toBe('reconnecting');
  });

  /** Drops until the next attempt is 4 s away. */
  async function waitLong(): Promise<void> {
    await live();
    for (const wait of [500, 1000, 2000]) {
      bed.display.latest.listener.ended(519);
      await pass(wait);
    }
    bed.display.latest.listener.ended(519);
    expect([store.status().kind, bed.display.connections.length]).toEqual(['reconnecting', 4]);
  }

  it('tries at once when the pushes come again', async () => {
    await waitLong();
    bed.connection.set('lost');
    await pass(100);
    expect(bed.display.connections).toHaveLength(4);
    bed.connection.set('open');
    await pass();
    expect(bed.display.connections).toHaveLength(5);
    bed.display.latest.listener.picture();
    expect(store.status().kind).toBe('live');
    await pass(60_000);
    expect(bed.display.connections).toHaveLength(5);
  });

  it('does not hang on to a request of the time before the pushes came again, but to a fresh one', async () => {
    await live();
    bed.connection.set('lost');
    bed.ticketsHang = true;
    bed.display.latest.listener.ended(519);
    await pass(500 + 3_001);
    expect(store.status().kind).toBe('asking');
    bed.ticketsHang = false;
    bed.connection.set('open');
    await pass();
    expect([store.status().kind, bed.tickets]).toEqual(['connecting', 2]);
    bed.connection.set('lost');
    await pass(100);
    bed.connection.set('open');
    await pass();
    expect([store.status().kind, bed.tickets]).toEqual(['connecting', 2]);
  });

  it('leaves a first attempt alone when the first pushes come', async () => {
    bed.connection.set('connecting');
    await begin();
    await pass(5_000);
    bed.connection.set('open');
    await pass();
    expect(bed.display.connections).toHaveLength(1);
  });

  it('does not wait for a ticket for ever', async () => {
    bed.ticketsHang = true;
    await begin();
    await pass(15_000);
    expect(store.status()).toMatchObject({ kind: 'reconnecting', reason: 'network' });
  });

  it('tries at once when the computer wakes up', async () => {
    await live();
    for (const wait of [500, 1000, 2000]) {
      bed.display.latest.listener.ended(519);
      await pass(wait);
    }
    bed.display.latest.listener.ended(519);
    bed.wakes.next();
    await pass();
    expect(bed.display.connections).toHaveLength(5);
  });

  it.each(['STOPPING', 'STOPPED', 'DELETING', 'FAILED'] as const)('lets go when the machine is %s', async (state) => {
    await live();
    bed.instance.set(instanceView({ state }));
    await pass();
    expect(store.status().kind).toBe('idle');
    expect(bed.display.latest.done).toContain('disconnect');
  });

  it('keeps a living picture while the guest restarts, but does not come back before it is ready', async () => {
    await live();
    bed.instance.set(instanceView({ state: 'STARTING' }));
    await pass();
    expect(store.status().kind).toBe('live');
    bed.display.latest.listener.ended(520);
    await pass();
    expect(store.status().kind).toBe('idle');
    await pass(60_000);
    expect(bed.tickets).toBe(1);
  });

  it('keeps the picture while the push connection is being set up again', async () => {
    await live();
    bed.loaded.set(false);
    bed.instance.set(undefined);
    await pass();
    expect(store.status().kind).toBe('live');
    bed.loaded.set(true);
    await pass();
    expect(store.status().kind).toBe('idle');
    expect(store.lastKnown()?.proposalName).toBe('20260301');
  });

  it('keeps saying why when the right to a desktop ended and the desktop then vanishes', async () => {
    await live();
    bed.display.latest.listener.ended(771);
    bed.instance.set(undefined);
    await pass();
    expect(store.status()).toMatchObject({ kind: 'ended', reason: 'forbidden' });
  });

  it('only ends the connection when the page is left, and hears nothing of it any more', async () => {
    await live();
    const { listener, done } = bed.display.latest;
    TestBed.resetTestingModule();
    expect(done).toContain('disconnect');
    listener.ended(520);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(bed.tickets).toBe(1);
  });

  it('does not connect when the page is left while the ticket is on its way', async () => {
    store.watch(ID);
    store.attach(frame);
    TestBed.tick();
    TestBed.resetTestingModule();
    await jest.advanceTimersByTimeAsync(1000);
    expect(bed.display.connections.every(({ done }) => done.includes('disconnect'))).toBe(true);
  });

  it('presses keys together, sends text and keeps the fit over reconnects', async () => {
    await live();
    store.press([0xffe3, 0xffe9, 0xffff]);
    store.sendClipboard('Grüße');
    store.setFit('one-to-one');
    expect(bed.display.latest.done).toEqual([
      'fit fit',
      'touch touchscreen',
      'press ffe3 ffe9 ffff',
      'clipboard Grüße',
      'fit one-to-one',
    ]);
    bed.display.latest.listener.ended(520);
    await pass(500);
    expect(bed.display.latest.done).toEqual(['fit one-to-one', 'touch touchscreen']);
  });
});
