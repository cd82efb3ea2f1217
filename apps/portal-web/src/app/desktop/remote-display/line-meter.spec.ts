import { LineMeter } from './line-meter';

describe('LineMeter', () => {
  let now: number;
  let meter: LineMeter;

  beforeEach(() => {
    now = 1000;
    meter = new LineMeter(() => now);
  });

  function answerAfter(ms: number): void {
    meter.pinged();
    now += ms;
    meter.answered();
  }

  it('knows nothing before the first answer', () => {
    expect(meter.quality()).toEqual({ latencyMs: null, framesPerSecond: 0, bytesPerSecond: 0 });
    meter.received(11);
    meter.answered();
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
    meter.pinged();
    now += 3000;
    expect(meter.quality().latencyMs).toBe(3000);
  });

  it('tells pictures and bytes of the last whole second', () => {
    Array.from({ length: 30 }, () => meter.drawn());
    meter.received(50_000);
    now += 500;
    expect(meter.quality().framesPerSecond).toBe(0);
    now += 500;
    expect(meter.quality()).toMatchObject({ framesPerSecond: 30, bytesPerSecond: 50_000 });
    now += 2000;
    expect(meter.quality()).toMatchObject({ framesPerSecond: 0, bytesPerSecond: 0 });
  });
});
