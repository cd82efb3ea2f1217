import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { InstanceView } from '@beamdesk/contracts';
import { Toasts } from '../shell/toasts.store';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { instance, plan } from '../testing/views';
import { DesktopLife } from './desktop-life';

const END = '2026-11-21T20:00:00.000Z';
const extendable = { ...plan, extension: { minutes: 240, times: 2 } };

describe('DesktopLife', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<DesktopLife>;
  let bed: PageBed;

  async function show(change: Partial<InstanceView>): Promise<void> {
    http = setUpPortal();
    await signIn(http);
    fixture = TestBed.createComponent(DesktopLife);
    fixture.componentRef.setInput('instance', instance({ expiresAt: END, ...change }));
    bed = new PageBed(fixture);
    await bed.rest();
  }
  const url = `/api/instances/${instance().id}/extend`;
  const EXTEND = 'Extend by 4 hours 2 of 2 left: the desktop of 20260301';
  const ASK = 'Ask for longer: the desktop of 20260301';

  it.each<[string, Partial<InstanceView>]>([
    ['of somebody else', { role: 'USER' }],
    ['that has no end', { expiresAt: null }],
    ['that is being stopped', { wanted: 'DELETED' }],
    ['that failed', { state: 'FAILED' }],
  ])('offers nothing for a desktop %s', async (_what, change) => {
    await show({ plan: extendable, ...change });
    expect(words(bed.page)).toBe('');
  });

  it('extends by what the plan says, naming the end that is seen', async () => {
    await show({ plan: extendable });
    expect(words(bed.page)).toBe('Extend by 4 hours 2 of 2 left');
    await bed.press(EXTEND);
    const request = http.expectOne({ method: 'POST', url });
    expect(request.request.body).toEqual({ from: END });
    expect(bed.page.querySelector('button')?.disabled).toBe(true);
    request.flush(instance({ expiresAt: '2026-11-22T00:00:00.000Z', extensionsUsed: 1 }));
    await bed.rest();
    expect(TestBed.inject(Toasts).all()[0].text).toContain('This desktop goes on until');
    fixture.componentRef.setInput('instance', instance({ expiresAt: END, plan: extendable, extensionsUsed: 1 }));
    await bed.rest();
    expect(words(bed.page)).toContain('1 of 2 left');
  });

  it('tells why it was refused', async () => {
    await show({ plan: extendable });
    await bed.press(EXTEND);
    refuse(http.expectOne(url), 409, 'QUOTA_EXCEEDED', 'Your quota does not allow this.');
    await bed.rest();
    expect(TestBed.inject(Toasts).all()[0].text).toContain('Your quota does not allow this.');
  });

  it.each<[string, Partial<InstanceView>]>([
    ['the plan offers no extension', {}],
    ['it is used up', { plan: extendable, extensionsUsed: 2 }],
  ])('leads to a request where %s', async (_what, change) => {
    await show(change);
    await bed.press(ASK);
    await bed.press('Ask', bed.dialog);
    expect(words(bed.dialog?.querySelector('#life-lacks') ?? null)).toMatch(/Say why/);
    await bed.set('longer', '24');
    await bed.set('reason', 'A long fit.');
    await bed.press('Ask', bed.dialog);
    const request = http.expectOne({ method: 'POST', url: '/api/quota-requests' });
    expect(request.request.body).toEqual({
      ...{ kind: 'LIFE', instance: instance().id, until: '2026-11-22T20:00:00.000Z', reason: 'A long fit.' },
    });
    request.flush({}, { status: 201, statusText: 'Created' });
    await bed.rest();
    expect(bed.dialog).toBeNull();
  });
});
