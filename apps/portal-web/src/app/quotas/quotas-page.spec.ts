import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { pushSnapshot, refuse, setUpPortal, signIn, words } from '../testing/portal';
import { page, plan, proposal, quota } from '../testing/views';
import { QuotasPage } from './quotas-page';

describe('QuotasPage', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<QuotasPage>;

  beforeEach(async () => {
    http = setUpPortal();
    await signIn(http);
    fixture = TestBed.createComponent(QuotasPage);
    await fixture.whenStable();
  });
  const offers = () => http.expectOne(({ url }) => url === '/api/proposals');
  const text = () => words(fixture.nativeElement);
  const meter = (name: string) => fixture.nativeElement.querySelector(`[role=meter][aria-label="${name}"]`) as Element;

  it('tells default, limit, used and available of the four resources', async () => {
    const own = { ...quota({ machines: 1, vcpus: 2, memoryMib: 4096 }), defaults: { ...quota().limits, vcpus: 4 } };
    http.expectOne('/api/quota').flush(own);
    await fixture.whenStable();
    expect(text()).toMatch(/Memory 12 GiB available Used 4 GiB Your limit 16 GiB Default 16 GiB/);
    expect(text()).toMatch(/vCPUs 6 available Used 2 Your limit 8 Default 4 yours differs/);
    expect(meter('Memory').getAttribute('aria-valuetext')).toBe('4 GiB of 16 GiB used');
    expect(meter('Machines').getAttribute('aria-valuenow')).toBe('1');
    expect(meter('Storage').getAttribute('aria-valuemax')).toBe('102400');
  });

  it('tells what one more desktop takes and that it fits', async () => {
    http.expectOne('/api/quota').flush(quota());
    offers().flush(page([proposal(), proposal({ key: 'k2' })]));
    await fixture.whenStable();
    expect(text()).toContain('Analysis desktop would take 1 machine, 2 vCPUs, 4 GiB memory, 20 GiB storage');
    expect(text()).toContain('It fits');
    expect(fixture.nativeElement.querySelector('fieldset')).toBeNull();
  });

  it('tells by how much the chosen plan does not fit', async () => {
    const big = { ...plan, id: 'big', name: 'Big', needs: { ...plan.needs, memoryMib: 20_480 } };
    http.expectOne('/api/quota').flush(quota());
    offers().flush(page([proposal(), proposal({ key: 'k2', plan: big })]));
    await fixture.whenStable();
    const choices = fixture.nativeElement.querySelectorAll('input[type=radio]') as NodeListOf<HTMLInputElement>;
    choices[1].dispatchEvent(new Event('change'));
    await fixture.whenStable();
    expect(text()).toContain('Memory: 4 GiB missing (20 GiB needed, 16 GiB left)');
  });

  it('follows the pushes', async () => {
    http.expectOne('/api/quota').flush(quota());
    await pushSnapshot([], quota({ machines: 2 }));
    await fixture.whenStable();
    expect(text()).toMatch(/Machines 1 available/);
  });

  it('shows the figures without the catalogue, and offers Retry for the rest', async () => {
    http.expectOne('/api/quota').flush(quota());
    refuse(offers(), 503, 'CATALOGUE_UNAVAILABLE');
    await fixture.whenStable();
    expect(text()).toMatch(/Machines 3 available/);
    expect(text()).toContain('The catalogue does not answer');
    fixture.nativeElement.querySelector('.next button').click();
    expect(offers().request.params.get('limit')).toBe('100');
  });

  it('says why when even the quota cannot be had', async () => {
    refuse(http.expectOne('/api/quota'), 429, 'TOO_MANY_REQUESTS', 'Wait a minute.');
    await fixture.whenStable();
    expect(fixture.nativeElement.querySelector('[role=alert]').textContent).toContain('Wait a minute.');
  });
});
