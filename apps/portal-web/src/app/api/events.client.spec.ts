import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { PortalEvent } from '@beamdesk/contracts';
import { Subject } from 'rxjs';
import { FakeSocket } from '../testing/fake-socket';
import { setUpPortal, settle, signIn } from '../testing/portal';
import { instance, quota, session, signedOutSession } from '../testing/views';
import { EventsClient } from './events.client';
import { SessionEnd } from './session-end';
import { Wake } from './wake';

const snapshot: PortalEvent = { type: 'snapshot', seq: 5, instances: [], quota: quota() };

describe('EventsClient', () => {
  const handle = jest.fn().mockResolvedValue(undefined);
  let http: HttpTestingController;
  let wakes: Subject<void>;
  let client: EventsClient;
  let heard: PortalEvent[];

  beforeEach(async () => {
    handle.mockClear();
    wakes = new Subject();
    http = setUpPortal([], [
      { provide: SessionEnd, useValue: { handle } },
      { provide: Wake, useValue: { wakes } },
    ]);
    await signIn(http);
    jest.useFakeTimers();
    client = TestBed.inject(EventsClient);
    heard = [];
    client.events.subscribe((event) => heard.push(event));
    client.start();
  });
  afterEach(() => jest.useRealTimers());

  it('connects to this origin and is open with the snapshot', () => {
    expect(FakeSocket.last.url).toBe('ws://localhost/api/events');
    expect(client.connection()).toBe('connecting');
    FakeSocket.last.send(snapshot);
    expect(client.connection()).toBe('open');
  });

  it('passes on changes whose numbers follow', () => {
    FakeSocket.last.send(snapshot);
    FakeSocket.last.send({ type: 'instance', seq: 6, instance: instance(), quota: quota() });
    FakeSocket.last.send({ type: 'quota', seq: 7, quota: quota() });
    expect(heard.map(({ type }) => type)).toEqual(['snapshot', 'instance', 'quota']);
  });

  it.each([8, 6, 5])('takes a new connection when number %i comes after 6', (seq) => {
    const first = FakeSocket.last;
    first.send(snapshot);
    first.send({ type: 'quota', seq: 6, quota: quota() });
    first.send({ type: 'quota', seq, quota: quota() });
    expect(heard).toHaveLength(2);
    expect(first.closed).toBe(true);
    expect(client.connection()).toBe('lost');
    jest.advanceTimersByTime(500);
    expect(FakeSocket.opened).toHaveLength(2);
    FakeSocket.last.send({ ...snapshot, seq: 40 });
    expect(client.connection()).toBe('open');
  });

  it('takes a new connection after a frame that is no JSON', () => {
    FakeSocket.last.sendRaw('{');
    expect(client.connection()).toBe('lost');
  });

  it('backs off while nobody answers, and starts anew once somebody did', () => {
    for (let attempt = 0; attempt < 8; attempt++) {
      FakeSocket.last.drop();
      jest.advanceTimersByTime(10_000);
    }
    expect(FakeSocket.opened).toHaveLength(9);
    FakeSocket.last.drop();
    jest.advanceTimersByTime(4900);
    expect(FakeSocket.opened).toHaveLength(9);
    jest.advanceTimersByTime(5100);
    FakeSocket.last.send(snapshot);
    FakeSocket.last.drop();
    jest.advanceTimersByTime(500);
    expect(FakeSocket.opened).toHaveLength(11);
  });

  it('believes a silent connection for 45 s, counted from the last ping', () => {
    FakeSocket.last.send(snapshot);
    jest.advanceTimersByTime(40_000);
    FakeSocket.last.send({ type: 'ping' });
    jest.advanceTimersByTime(44_000);
    expect(client.connection()).toBe('open');
    jest.advanceTimersByTime(1000);
    expect(client.connection()).toBe('lost');
  });

  it('connects at once on wake when it has heard nothing lately, and keeps a fresh connection', () => {
    FakeSocket.last.send(snapshot);
    jest.advanceTimersByTime(10_000);
    wakes.next();
    expect(FakeSocket.opened).toHaveLength(1);
    jest.advanceTimersByTime(15_000);
    wakes.next();
    expect(FakeSocket.opened).toHaveLength(2);
    expect(FakeSocket.opened[0].closed).toBe(true);
  });

  it('does not wait for the back-off on wake', () => {
    FakeSocket.last.drop();
    wakes.next();
    expect(FakeSocket.opened).toHaveLength(2);
    jest.advanceTimersByTime(1000);
    expect(FakeSocket.opened).toHaveLength(2);
  });

  it('goes to the sign-in on 4401 and does not come back by itself', () => {
    FakeSocket.last.drop(4401);
    jest.advanceTimersByTime(120_000);
    expect(handle).toHaveBeenCalledWith('NOT_SIGNED_IN');
    expect(FakeSocket.opened).toHaveLength(1);
    expect(client.connection()).toBe('idle');
  });

  it('asks who is signed in on 4403', async () => {
    FakeSocket.last.drop(4403);
    http.expectOne('/api/session').flush(session({ authorised: false }));
    await settle();
    expect(handle).toHaveBeenCalledWith('NOT_AUTHORISED');
  });

  it('reads the session again when the authorisation of the person changed, and goes where the rest leads', async () => {
    FakeSocket.last.send(snapshot);
    FakeSocket.last.send({ type: 'authorisation' });
    http.expectOne('/api/session').flush(session({ authorised: false }));
    await settle();
    expect(handle).toHaveBeenCalledWith('NOT_AUTHORISED');
    FakeSocket.last.send({ type: 'quota', seq: 6, quota: quota() });
    expect(heard.map(({ type }) => type)).toEqual(['snapshot', 'quota']);
  });

  it('asks who is signed in after repeated failures, because a refused upgrade tells nothing', async () => {
    FakeSocket.last.drop();
    jest.advanceTimersByTime(30_000);
    http.expectNone('/api/session');
    FakeSocket.last.drop();
    http.expectOne('/api/session').flush(signedOutSession);
    await settle();
    expect(handle).toHaveBeenCalledWith('NOT_SIGNED_IN');
  });

  it('ignores what a connection says after it was given up', () => {
    const old = FakeSocket.last;
    client.reconnectNow();
    old.send(snapshot);
    old.drop(4401);
    expect(heard).toEqual([]);
    expect(handle).not.toHaveBeenCalled();
  });
});
