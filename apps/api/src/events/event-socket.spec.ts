import { EventSocket, Unnumbered } from './event-socket';

const QUOTA = (() => {
  const none = { machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 };
  const unlimited = { ...none, vcpuMinutes: null, gpuMinutes: null };
  const shared = { proposal: unlimited, beamline: unlimited };
  return { limits: none, usage: none, available: none, defaults: none, subjects: [], shared, periodDays: 30 };
})();
const SNAPSHOT: Unnumbered = { type: 'snapshot', instances: [], quota: QUOTA };
const CHANGE: Unnumbered = { type: 'quota', quota: QUOTA };

/** Stands for a tab whose reading the test controls. */
class Wire {
  bufferedAmount = 0;
  readyState: 0 | 1 | 2 | 3 = 1;
  readonly sent: { type: string; seq?: number }[] = [];
  pings = 0;
  terminated = false;
  send = (text: unknown) => void this.sent.push(JSON.parse(String(text)));
  ping = () => void this.pings++;
  close = () => undefined;
  terminate = () => void (this.terminated = true);
}

describe('EventSocket', () => {
  let wire: Wire;
  let socket: EventSocket;
  beforeEach(() => {
    wire = new Wire();
    socket = new EventSocket(wire, 'login');
  });

  it('sends nothing before the snapshot', () => {
    socket.send(CHANGE);
    socket.send(SNAPSHOT);
    socket.send(CHANGE);
    expect(wire.sent).toMatchObject([
      { type: 'snapshot', seq: 1 },
      { type: 'quota', seq: 2 },
    ]);
  });

  it('stops sending to a slow reader, and begins again with a snapshot when it caught up', () => {
    socket.send(SNAPSHOT);
    wire.bufferedAmount = 300 * 1024;
    for (let i = 0; i < 1000; i++) socket.send(CHANGE);
    expect(wire.sent).toHaveLength(1);
    expect(socket.wantsSnapshot).toBe(false);
    expect(socket.caughtUp(Date.now())).toBe(false);
    wire.bufferedAmount = 1024;
    expect(socket.caughtUp(Date.now())).toBe(true);
    expect(socket.wantsSnapshot).toBe(true);
    socket.send(SNAPSHOT);
    socket.send(CHANGE);
    expect(wire.sent.map((event) => event.seq)).toEqual([1, 2, 3]);
    expect(wire.terminated).toBe(false);
  });

  it('gives up a reader that never catches up', () => {
    socket.send(SNAPSHOT);
    wire.bufferedAmount = 300 * 1024;
    socket.send(CHANGE);
    socket.caughtUp(Date.now() + 29_000);
    expect(wire.terminated).toBe(false);
    socket.caughtUp(Date.now() + 31_000);
    expect(wire.terminated).toBe(true);
  });

  it('pings, and ends a connection that does not answer', () => {
    socket.ping();
    expect(wire.sent).toEqual([{ type: 'ping' }]);
    socket.pong();
    socket.ping();
    expect(wire.terminated).toBe(false);
    socket.ping();
    expect(wire).toMatchObject({ terminated: true, pings: 2 });
  });

  it('sends nothing to a closed one', () => {
    wire.readyState = 3;
    socket.send(SNAPSHOT);
    expect(wire.sent).toEqual([]);
  });
});
