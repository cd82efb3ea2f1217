import type { LimitsView, QuotaSubject, QuotaView, SubjectQuota } from '@beamdesk/contracts';
import { NO_LIMITS, nothing, plan, quota } from '../testing/views';
import { isOwn, leftAt, shortfalls } from './quota-at';
import { missingWords, shortfallWords } from './resource-words';

const place = { proposalKey: 'k1', proposalName: '20260301', beamlineId: 'id11' };

function subject(kind: QuotaSubject['kind'], limits: Partial<LimitsView>, machines = 0): SubjectQuota {
  const names = { user: 'Ada', proposal: '20260301', beamline: 'ID11', site: 'Whole site' };
  const ids = { user: 'u', proposal: 'k1', beamline: 'id11', site: 'site' };
  return {
    subject: { kind, id: ids[kind], name: names[kind] },
    ...{ limits: { ...NO_LIMITS, ...limits }, defaults: NO_LIMITS, available: NO_LIMITS },
    usage: { ...nothing, machines, vcpuMinutes: 60, gpuMinutes: 0 },
    ...{ overrides: [], holdings: [], explained: {} },
  };
}
const withSubjects = (subjects: SubjectQuota[], shared: Partial<QuotaView['shared']> = {}): QuotaView => ({
  ...quota(),
  subjects,
  shared: { proposal: NO_LIMITS, beamline: NO_LIMITS, ...shared },
});

describe('shortfalls', () => {
  it('tells every limit in the way, the hours of a whole life among them, and whose it is', () => {
    const full = withSubjects([subject('user', { vcpuMinutes: 960 }), subject('proposal', { machines: 2 }, 2), subject('site', { machines: 9 }, 8)]);
    const found = shortfalls(full, plan, place);
    expect(found.map(({ resource, missing }) => [resource, missing])).toEqual([
      ['vcpuMinutes', 60],
      ['machines', 1],
    ]);
    expect(found.map(isOwn)).toEqual([true, false]);
    expect(missingWords(found)).toBe('Quota full: 1 vCPU-hour missing. Quota of proposal 20260301 full: 1 machine missing');
    expect(found.map(shortfallWords)[1]).toBe('Machines of proposal 20260301: 1 missing, none left');
  });

  it('goes by the limits of every proposal and beamline where nobody uses anything of it', () => {
    const none = withSubjects([], { beamline: { ...NO_LIMITS, vcpus: 1 } });
    expect(shortfalls(none, plan, place)).toMatchObject([{ resource: 'vcpus', available: 1, subject: { kind: 'beamline' } }]);
    expect(shortfalls(none, plan)).toEqual([]);
    expect(shortfalls(none, plan, { ...place, beamlineId: null })).toEqual([]);
  });

  it('takes what is held already for available', () => {
    const full = withSubjects([subject('proposal', { machines: 1 }, 1)]);
    expect(shortfalls(full, plan, place, { ...nothing, machines: 1 })).toEqual([]);
  });

  it('knows the least that any limit leaves', () => {
    const some = withSubjects([subject('user', { vcpuMinutes: 600 }), subject('proposal', { machines: 2 }, 1)]);
    expect(leftAt(some, place)).toMatchObject({ machines: 1, vcpus: 8, vcpuMinutes: 540, gpuMinutes: null });
    expect(leftAt(some).machines).toBe(3);
  });
});
