import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { QuotaView, SubjectQuota } from '@beamdesk/contracts';
import { setUpPortal, signIn, words } from '../testing/portal';
import { NO_LIMITS, nothing, quota } from '../testing/views';
import { QuotasPage } from './quotas-page';

function subject(kind: SubjectQuota['subject']['kind'], name: string, change: Partial<SubjectQuota>): SubjectQuota {
  const usage = { ...nothing, vcpuMinutes: 0, gpuMinutes: 0 };
  return {
    subject: { kind, id: name, name },
    ...{ limits: NO_LIMITS, defaults: NO_LIMITS, usage, available: NO_LIMITS },
    ...{ overrides: [], holdings: [], explained: {}, ...change },
  };
}

describe('QuotasPage with limits that others share', () => {
  let http: HttpTestingController;

  async function show(subjects: SubjectQuota[], change: Partial<QuotaView> = {}): Promise<string> {
    http = setUpPortal();
    await signIn(http);
    const fixture = TestBed.createComponent(QuotasPage);
    await fixture.whenStable();
    http.expectOne('/api/quota').flush({ ...quota(), subjects, ...change });
    await fixture.whenStable();
    return words(fixture.nativeElement);
  }

  it('tells hours with their period, changed limits with reason and end, and what holds what', async () => {
    const usage = { ...nothing, vcpus: 4, vcpuMinutes: 150, gpuMinutes: 0 };
    const override = {
      ...{ id: 'o', amounts: { ...NO_LIMITS, vcpus: 10 }, reason: 'A campaign.', startsAt: '2026-03-01T00:00:00Z' },
      ...{ endsAt: '2026-04-01T00:00:00Z', state: 'in-force' as const, counts: ['vcpus' as const] },
    };
    const explained = { vcpus: '4 of 10 vCPUs: 2 in proposal A, 2 in proposal B' };
    const own = subject('user', 'Ada', { usage, explained, limits: { ...NO_LIMITS, vcpuMinutes: 600 }, overrides: [override] });
    const text = await show([own]);
    expect(text).toContain('Hours in the last 30 days');
    expect(text).toMatch(/vCPU-hours ?2.5 of 10/);
    expect(text).toContain('4 of 10 vCPUs: 2 in proposal A, 2 in proposal B');
    expect(text).toMatch(/vCPUs 10 until Apr 1.*: A campaign\./);
  });

  it('tells each limit that is shared, and whose it is', async () => {
    const usage = { ...nothing, machines: 2, vcpuMinutes: 0, gpuMinutes: 0 };
    const shared = { limits: { ...NO_LIMITS, machines: 4 }, usage, explained: { machines: "2 of 4 desktops: 1 yours, 1 other people's" } };
    const text = await show([subject('user', 'Ada', {}), subject('proposal', '20260301', shared), subject('site', 'Whole site', shared)]);
    expect(text).toMatch(/Proposal 20260301 Shared by the desktops of everybody on this proposal\./);
    expect(text).toMatch(/Machines ?2 of 4 1 yours, 1 other people's/);
    expect(text).toContain('Whole site');
    expect(text).not.toContain('Hours in the last');
  });

  it('shows GPUs only where there are some to have', async () => {
    expect(await show([])).not.toContain('GPUs');
    TestBed.resetTestingModule();
    expect(await show([], { limits: { ...quota().limits, gpus: 2 } })).toContain('GPUs');
  });
});
