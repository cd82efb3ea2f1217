import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { InstanceView, LaunchView, PlanOffer, PlanView, QuotaView } from '@beamdesk/contracts';
import { NotFoundPage } from '../shell/not-found-page';
import { pushSnapshot, refuse, setUpPortal, settle, signIn, words } from '../testing/portal';
import { instance, offer, plan, quota } from '../testing/views';
import { DesktopButton } from './desktop-button';

const COLD: LaunchView = { path: 'cold', reason: 'Its prepared copy is being built.', expectedSeconds: 21 };
const LAUNCH = '/api/proposals/k1/services/desktop';

describe('DesktopButton, where several plans are offered', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<DesktopButton>;

  beforeEach(async () => {
    http = setUpPortal([{ path: '**', component: NotFoundPage }]);
    await signIn(http);
  });

  async function show(
    instances: InstanceView[],
    figures: QuotaView = quota(),
    offered: PlanView | null = plan,
    offers: PlanOffer[] = [],
  ): Promise<void> {
    await pushSnapshot(instances, figures);
    fixture = TestBed.createComponent(DesktopButton);
    const inputs = { proposalKey: 'k1', proposalName: '20260301', plan: offered, offers };
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
  }

  const text = () => words(fixture.nativeElement);
  const named = (name: string) => fixture.nativeElement.querySelector(`[aria-label="${name}"]`) as HTMLButtonElement;
  const controls = () =>
    [...fixture.nativeElement.querySelectorAll('button, a')].map((control: Element) =>
      control.getAttribute('aria-label'),
    );
  const large = offer({
    plan: {
      ...plan,
      ...{ id: 'large', name: 'Large desktop', needs: { ...plan.needs, vcpus: 4 } },
      ...{ keepsDisk: true, idleMinutes: 180, network: 'outbound' as const },
    },
    for: { techniques: [], beamlines: ['ID11', 'BM18'] },
    launch: COLD,
  });
  const gone = offer({ plan: { ...plan, id: 'gone', name: 'Old desktop' }, unavailable: 'Its image is not there.' });
  const items = () => [...document.querySelectorAll<HTMLButtonElement>('[role=menuitem]')];
  const open = async (figures?: QuotaView, offers = [offer(), large, gone]) => {
    await show([], figures, plan, offers);
    named('Choose the desktop of 20260301').click();
    await fixture.whenStable();
  };

  it('one click still starts the first; the menu tells each, best first, and why it is here', async () => {
    await open(quota({ vcpus: 2 }));
    expect(controls()).toEqual(['Desktop for 20260301', 'Choose the desktop of 20260301']);
    expect(items().map(words)).toEqual([
      'Analysis desktop Offered for diffraction at ID11, starts with one click silx and PyMca ' +
        'Up to 8 hours, disk not kept, no network outside ' +
        'Takes 1 of 3 machines, 2 of 6 vCPUs, 4 of 16 GiB memory, 20 of 100 GiB storage left',
      expect.stringMatching(
        /^Large desktop Offered at ID11 and BM18 silx.*, stopped after 3 hours without use, disk kept, reaches the network outside Boots from scratch: about 20 s\..* 4 of 6 vCPUs/,
      ),
      expect.stringMatching(/^Old desktop .* Takes 1 machine, 2 vCPUs, .* Not now\. Its image is not there\.$/),
    ]);
    expect(items().map((item) => item.getAttribute('aria-disabled'))).toEqual([null, null, 'true']);
    named('Desktop for 20260301').click();
    expect(http.expectOne(LAUNCH).request.body).toEqual({});
  });

  it('a choice is asked for by its id; while it is, it tells how that one starts', async () => {
    await open();
    items()[1]?.click();
    await fixture.whenStable();
    expect(text()).toContain('Boots from scratch: about 20 s');
    expect(http.expectOne(LAUNCH).request.body).toEqual({ plan: 'large' });
  });

  it('what can not be had now starts nothing, and says what is missing', async () => {
    await open(quota({ vcpus: 6 }));
    expect(items().map(words)[1]).toContain('Quota full: 2 vCPUs missing');
    items()[1]?.click();
    items()[2]?.click();
    http.expectNone(LAUNCH);
  });

  it('a smaller one can be had where the first does not fit into the quota', async () => {
    const small = offer({ plan: { ...plan, id: 'small', needs: { ...plan.needs, memoryMib: 1024 } } });
    await open(quota({ memoryMib: 14_336 }), [offer(), small]);
    expect(named('Desktop for 20260301').getAttribute('aria-disabled')).toBe('true');
    items()[1]?.click();
    expect(http.expectOne(LAUNCH).request.body).toEqual({ plan: 'small' });
  });

  it('a refusal of a choice is told, whatever it lacks, and Try again asks for the same', async () => {
    await open();
    items()[1]?.click();
    const shortfalls = [{ resource: 'vcpus', requested: 4, available: 2, missing: 2 }];
    refuse(http.expectOne(LAUNCH), 409, 'QUOTA_EXCEEDED', 'Not that many vCPUs.', { shortfalls });
    await settle();
    await fixture.whenStable();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain('Not that many vCPUs.');
    named('Try again: desktop of 20260301').click();
    expect(http.expectOne(LAUNCH).request.body).toEqual({ plan: 'large' });
  });

  it('Try again of one that failed asks for its plan while that is offered', async () => {
    const failed = instance({ state: 'FAILED', plan: large.plan });
    await show([failed], quota(), plan, [offer(), large]);
    named('Try again: desktop of 20260301').click();
    expect(http.expectOne(LAUNCH).request.body).toEqual({ plan: 'large' });
  });

  it('none of them to be had now: says which and why', async () => {
    await show([], quota(), null, [gone]);
    expect(text()).toBe("Old desktop can't be started now. Its image is not there.");
    expect(controls()).toEqual([]);
  });
});
