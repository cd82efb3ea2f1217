import { loadPermille, pressurePermille, readHostLoad } from './host-load';

describe('how busy a host is', () => {
  it('counts the load for each processor', () => {
    expect([loadPermille(3, 4), loadPermille(0.005, 2), loadPermille(1e9, 1), loadPermille(2, 0)]).toEqual([
      750, 3, 1_000_000, 2000,
    ]);
  });

  it.each([
    ['some avg10=14.11 avg60=12.24 avg300=7.33 total=1\nfull avg10=0.00 avg60=99.00 avg300=0.00 total=0\n', 122],
    ['some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n', 0],
    ['full avg10=1.00 avg60=9.00 avg300=0.00 total=0\n', null],
    ['some avg60=120\n', 1000],
    ['', null],
  ])('reads the pressure of %j', (told, permille) => expect(pressurePermille(told)).toBe(permille));

  it('says what this computer tells, and null of what it does not', async () => {
    const { cpuLoadPermille, cpuPressurePermille } = await readHostLoad('/nowhere');
    expect(cpuLoadPermille).toBeGreaterThanOrEqual(0);
    expect(cpuPressurePermille).toBeNull();
  });
});
