import { randomUUID } from 'node:crypto';
import { usageView, type UsageView } from '@beamdesk/contracts';
import { beginningsOf, stepsOf } from './usage-steps';
import { watchedSite, type WatchedSite } from './testing/watched-site';

const at = (text: string) => Date.parse(`2026-${text}Z`);

describe('steps of a time', () => {
  it.each([
    ['hour', '03-01T10:20:00', '03-01T12:00:00', ['03-01T10:20:00', '03-01T11:00:00']],
    ['day', '03-28T12:00:00', '03-30T00:00:01', ['03-28T12:00:00', '03-29T00:00:00', '03-30T00:00:00']],
    // 2 March 2026 is a Monday.
    ['week', '03-01T00:00:00', '03-09T00:00:00', ['03-01T00:00:00', '03-02T00:00:00']],
  ] as const)('of a %s begin at round times, UTC', (step, from, to, begin) => {
    const steps = stepsOf(at(from), at(to), step);
    expect(beginningsOf(steps)).toEqual(begin.map((text) => new Date(at(text)).toISOString()));
  });
});

describe('usage', () => {
  let site: WatchedSite;
  const HOUR = 3_600_000;
  /** From, to (null: lasts), and what is held. */
  interface Period {
    owner?: 'ada' | 'bo';
    beamline?: string | null;
    proposal?: string;
    vcpus?: number;
    gpus?: number;
    machines?: number;
    from: number;
    to: number | null;
    instance?: string;
  }

  beforeAll(async () => (site = await watchedSite()));
  afterAll(() => site?.house.close());
  beforeEach(() => site.house.api.dataSource.query('DELETE FROM allocation_period'));

  async function hold(period: Period): Promise<string> {
    const {
      owner = 'ada',
      beamline = 'id11-diff',
      proposal = 'p',
      vcpus = 1,
      gpus = 0,
      machines = 1,
      from,
      to,
    } = period;
    const instance = period.instance ?? (await site.desktop(owner, { proposalKey: `k-${randomUUID()}` }));
    await site.house.api.dataSource.query(
      `INSERT INTO allocation_period (instance_id, owner_id, proposal_key, proposal_name, beamline_id, image_id, plan_id, machines,
         vcpus, memory_mib, storage_mib, gpus, from_at, to_at)
       VALUES ($1, $2, $3, $3, $4, 'tiny', 'tiny', $5, $6, 0, 0, $7, $8, $9)`,
      [
        instance,
        site.ids[owner],
        proposal,
        beamline,
        machines,
        vcpus,
        gpus,
        new Date(from),
        to === null ? null : new Date(to),
      ],
    );
    return instance;
  }
  const query = (from: number, to: number, more = '') =>
    `?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}${more}`;
  async function asked(
    from: number,
    to: number,
    more = '',
    who: keyof WatchedSite['as'] = 'admin',
  ): Promise<UsageView> {
    const { status, body } = await site.as[who].get(`/api/monitor/usage${query(from, to, more)}`);
    expect(status).toBe(200);
    return usageView.parse(body);
  }

  it('cuts a period at the steps it crosses, and at both ends of what is asked', async () => {
    await hold({ vcpus: 4, gpus: 1, from: at('03-01T09:30:00'), to: at('03-01T11:15:00') });
    const { series, steps } = await asked(at('03-01T09:45:00'), at('03-01T13:00:00'), '&step=hour');
    expect(steps).toHaveLength(4);
    expect(series).toHaveLength(1);
    expect(series[0]?.points.map(({ vcpuHours, gpuHours, desktops }) => [vcpuHours, gpuHours, desktops])).toEqual([
      [1, 0.25, 1],
      [4, 1, 1],
      [1, 0.25, 1],
      [0, 0, 0],
    ]);
    expect(series[0]?.total).toEqual({ vcpuHours: 6, gpuHours: 1.5, desktops: 1, people: 1 });
  });

  it('counts one that lasts until now, and nothing ahead', async () => {
    const now = Date.now();
    await hold({ vcpus: 2, from: now - 90 * 60_000, to: null });
    const { total, series } = await asked(now - 24 * HOUR, now + 24 * HOUR, '&step=hour');
    expect(total.vcpuHours).toBeGreaterThanOrEqual(3);
    expect(total.vcpuHours).toBeLessThan(3.1);
    expect(series[0]?.points.at(-1)?.desktops).toBe(0);
  });

  it('leaves out what ends where it begins to ask, and disks without a machine', async () => {
    await hold({ from: at('03-01T00:00:00'), to: at('03-02T00:00:00') });
    await hold({ from: at('03-03T00:00:00'), to: at('03-04T00:00:00') });
    await hold({ machines: 0, vcpus: 0, from: at('03-02T00:00:00'), to: at('03-03T00:00:00') });
    const { series, total } = await asked(at('03-02T00:00:00'), at('03-03T00:00:00'));
    expect([series, total.desktops, total.vcpuHours]).toEqual([[], 0, 0]);
  });

  it('counts each desktop and person once, however often they come back', async () => {
    const day = at('03-01T00:00:00');
    const one = await hold({ from: day, to: day + HOUR });
    await hold({ instance: one, from: day + 2 * HOUR, to: day + 3 * HOUR });
    await hold({ from: day, to: day + HOUR, beamline: 'bm18-tomo' });
    await hold({ owner: 'bo', from: day, to: day + HOUR });
    const { series, total } = await asked(day, day + 24 * HOUR, '&by=beamline');
    expect(total).toEqual({ vcpuHours: 4, gpuHours: 0, desktops: 3, people: 2 });
    expect(series.map(({ key, name, total: of }) => [key, name, of.vcpuHours, of.desktops, of.people])).toEqual([
      ['id11-diff', 'ID11', 3, 2, 2],
      ['bm18-tomo', 'bm18-tomo', 1, 1, 1],
    ]);
  });

  it('is the same as adding up second by second', async () => {
    const begin = at('03-01T00:00:00');
    const periods = Array.from({ length: 30 }, (_, n) => {
      const from = begin + ((n * 7919) % 6000) * 60_000;
      return { vcpus: 1 + (n % 5), from, to: from + (1 + ((n * 104_729) % 3000)) * 60_000, proposal: `p${n % 4}` };
    });
    for (const period of periods) await hold(period);
    const [from, to] = [begin + 10 * HOUR + 60_000, begin + 90 * HOUR];
    const { series, steps } = await asked(from, to, '&by=proposal&step=day');
    for (const { key, points } of series) {
      const expected = steps.map((step, n) => {
        const ends = Date.parse(steps[n + 1] ?? new Date(to).toISOString());
        let sum = 0;
        for (const { proposal, vcpus, from: a, to: b } of periods) {
          for (let t = Date.parse(step); t < ends; t += 60_000)
            if (proposal === key && a <= t && t < b) sum += vcpus / 60;
        }
        return sum;
      });
      points.forEach(({ vcpuHours }, n) => expect(vcpuHours).toBeCloseTo(expected[n] ?? -1, 6));
    }
    expect(series).toHaveLength(4);
  });

  it('shows staff what was used at their beamlines, also as a file', async () => {
    const day = at('03-01T00:00:00');
    await hold({ from: day, to: day + HOUR, proposal: '=1+1' });
    await hold({ from: day, to: day + HOUR, beamline: 'bm18-tomo' });
    await hold({ from: day, to: day + HOUR, beamline: null });
    const keys = async (who: keyof WatchedSite['as']) =>
      (await asked(day, day + HOUR, '', who)).series.map(({ key }) => key);
    expect([await keys('staff'), await keys('other')]).toEqual([['id11-diff'], ['bm18-tomo']]);
    expect((await keys('support')).length).toBe(3);
    const file = async (who: keyof WatchedSite['as']) =>
      (await site.as[who].get(`/api/monitor/usage.csv${query(day, day + 48 * HOUR, '&by=proposal')}`)).text;
    expect(await file('staff')).toBe(
      "begins,key,name,vCPU-hours,GPU-hours,desktops,people\r\n2026-03-01T00:00:00.000Z,'=1+1,'=1+1,1,0,1,1\r\n",
    );
    expect((await site.as.ada.get(`/api/monitor/usage${query(day, day + HOUR)}`)).status).toBe(403);
  });

  it('names the ten that used most, and puts the others together', async () => {
    const day = at('03-01T00:00:00');
    for (let n = 1; n <= 12; n += 1) await hold({ from: day, to: day + HOUR, vcpus: n, proposal: `p${n}` });
    const { series } = await asked(day, day + HOUR, '&by=proposal');
    expect(series.map(({ name, total }) => [name, total.vcpuHours]).slice(-2)).toEqual([
      ['p3', 3],
      ['Others', 3],
    ]);
    expect(series).toHaveLength(11);
    expect(
      (await site.as.admin.get(`/api/monitor/usage.csv${query(day, day + HOUR, '&by=proposal')}`)).text.split('\r\n'),
    ).toHaveLength(14);
  });

  it.each([
    'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z',
    'from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z',
    'from=2025-03-01T00:00:00Z&to=2026-03-01T00:00:00Z&step=hour',
    'from=yesterday&to=2026-03-01T00:00:00Z',
    'from=2026-03-01T00:00:00Z',
    'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&by=person',
  ])('refuses ?%s', async (text) => {
    expect(await site.as.admin.get(`/api/monitor/usage?${text}`)).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
  });
});
