import { LineMeter, meterSocketOf } from './line-meter';

const ping = (ms: number) => `0.,4.ping,${String(ms).length}.${ms};`;

describe('LineMeter', () => {
  let now: number;
  let meter: LineMeter;

  beforeEach(() => {
    now = 1000;
    meter = new LineMeter(() => now);
  });

  function answerAfter(ms: number): void {
    meter.sent(ping(now));
    now += ms;
    meter.received(ping(now - ms));
  }

  it('knows nothing before the first answer', () => {
    expect(meter.quality()).toEqual({ latencyMs: null, framesPerSecond: 0, bytesPerSecond: 0 });
    meter.received('4.sync,1.0;');
    meter.received(ping(5));
    expect(meter.quality().latencyMs).toBeNull();
  });

  it('takes the median of the answers, so that one hiccup changes nothing', () => {
    [20, 22, 900, 21, 23].forEach(answerAfter);
    expect(meter.quality().latencyMs).toBe(22);
  });

  it('forgets what was long ago', () => {
    Array.from({ length: 9 }, () => answerAfter(30));
    Array.from({ length: 5 }, () => answerAfter(400));
    expect(meter.quality().latencyMs).toBe(400);
  });

  it('counts an overdue answer while the line stands still', () => {
    answerAfter(20);
    meter.sent(ping(now));
    now += 3000;
    expect(meter.quality().latencyMs).toBe(3000);
  });

  it('takes keys and pictures for no ping', () => {
    meter.sent('3.key,2.97,1.1;');
    meter.received('4.ping,1.1;');
    expect(meter.quality().latencyMs).toBeNull();
  });

  it('tells pictures and bytes of the last whole second', () => {
    Array.from({ length: 30 }, () => meter.drawn());
    meter.received('x'.repeat(50_000));
    now += 500;
    expect(meter.quality().framesPerSecond).toBe(0);
    now += 500;
    expect(meter.quality()).toMatchObject({ framesPerSecond: 30, bytesPerSecond: 50_000 });
    now += 2000;
    expect(meter.quality()).toMatchObject({ framesPerSecond: 0, bytesPerSecond: 0 });
  });

  it('listens at the socket that is opened, and at no other', () => {
    const sent: unknown[] = [];
    class Silent extends EventTarget {
      send(data: unknown): void {
        sent.push(data);
      }
    }
    const native = globalThis.WebSocket;
    globalThis.WebSocket = Silent as unknown as typeof WebSocket;
    try {
      let socket: WebSocket | undefined;
      meterSocketOf(() => (socket = new WebSocket('/desktop', 'guacamole')), meter);
      expect(globalThis.WebSocket).toBe(Silent);
      socket?.send(ping(now));
      now += 40;
      socket?.dispatchEvent(new MessageEvent('message', { data: ping(now - 40) }));
      expect([sent, meter.quality().latencyMs]).toEqual([[ping(1000)], 40]);
      expect(() =>
        meterSocketOf(() => {
          throw new Error('no');
        }, meter),
      ).toThrow('no');
      expect(globalThis.WebSocket).toBe(Silent);
    } finally {
      globalThis.WebSocket = native;
    }
  });
});
