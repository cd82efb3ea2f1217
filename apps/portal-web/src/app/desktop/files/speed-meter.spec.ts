import { SpeedMeter } from './speed-meter';

describe('SpeedMeter', () => {
  it('knows nothing at first', () => {
    const meter = new SpeedMeter();
    expect(meter.speed()).toBeNull();
    meter.add(1000, 0);
    meter.add(1200, 500);
    expect(meter.speed()).toBeNull();
  });

  it('tells the speed of the last seconds, not of the whole', () => {
    const meter = new SpeedMeter();
    for (let second = 0; second <= 10; second++) meter.add(second * 1000, second * 1000);
    expect(meter.speed()).toBe(1000);
    for (let second = 11; second <= 16; second++) meter.add(second * 1000, 10_000);
    expect(meter.speed()).toBe(0);
  });
});
