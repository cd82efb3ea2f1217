import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { QuotaRequestView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { pushSnapshot, refuse, setUpPortal, signIn, words } from '../testing/portal';
import { page, proposal } from '../testing/views';
import { OwnRequests } from './own-requests';

const REQUEST: QuotaRequestView = {
  id: '77777777-7777-4777-8777-777777777777',
  kind: 'QUOTA',
  state: 'OPEN',
  proposal: null,
  instanceId: null,
  wanted: { vcpus: 8, memoryMib: 16_384 },
  wantedUntil: '2026-12-21T12:00:00.000Z',
  reason: 'Two samples at once.',
  askedAt: '2026-11-21T10:00:00.000Z',
  decidedAt: null,
  answer: null,
  granted: null,
  grantedUntil: null,
};

describe('OwnRequests', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:00.000Z'));

  beforeEach(async () => {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    await signIn(http);
    bed = new PageBed(TestBed.createComponent(OwnRequests));
    await bed.rest();
  });
  async function show(...requests: QuotaRequestView[]): Promise<void> {
    http.expectOne('/api/quota-requests').flush(requests);
    await bed.rest();
  }
  const text = () => words(bed.page);

  it('says how to get more where nothing was asked', async () => {
    await show();
    expect(text()).toContain('You have asked for nothing.');
  });

  it('shows what was asked, what came of it, and what staff say', async () => {
    const decided = { decidedAt: '2026-11-21T11:00:00.000Z', answer: 'Six will do.' };
    await show(
      REQUEST,
      { ...REQUEST, id: '2', state: 'GRANTED', granted: { vcpus: 6 }, grantedUntil: REQUEST.wantedUntil, ...decided },
      { ...REQUEST, id: '3', state: 'REFUSED', kind: 'LIFE', proposal: { key: 'k', name: '20260301' }, wanted: null, ...decided },
    );
    expect(text()).toMatch(/More quota for me waits for a decision.*vCPUs 8, Memory 16 GiB.*Two samples/);
    expect(text()).toMatch(/granted in part.*Granted on.*vCPUs 6,.*Six will do\./);
    expect(text()).toMatch(/Longer life of the desktop of 20260301 refused/);
    expect(bed.page.querySelectorAll('li button')).toHaveLength(1);
  });

  it('withdraws an open one', async () => {
    await show(REQUEST);
    await bed.press('Withdraw: More quota for me');
    http.expectOne({ method: 'POST', url: `/api/quota-requests/${REQUEST.id}/withdrawal` }).flush({ ...REQUEST, state: 'WITHDRAWN' });
    await bed.rest();
    await show({ ...REQUEST, state: 'WITHDRAWN' });
    expect(text()).toContain('withdrawn');
  });

  it('looks again when it is told that something changed', async () => {
    await show(REQUEST);
    const socket = await pushSnapshot();
    await show(REQUEST);
    socket.send({ type: 'request' });
    await show({ ...REQUEST, state: 'REFUSED', answer: 'No.' });
    expect(text()).toContain('refused');
  });

  it('says why the list cannot be had', async () => {
    refuse(http.expectOne('/api/quota-requests'), 503, 'DATABASE_UNAVAILABLE', 'The database does not answer.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('The database does not answer.');
  });

  describe('asking for more', () => {
    async function open(): Promise<void> {
      await show();
      await bed.press('Ask for more …');
      http.expectOne(({ url }) => url === '/api/proposals').flush(page([proposal()]));
      await bed.rest();
    }
    const asked = () => http.expectOne({ method: 'POST', url: '/api/quota-requests' });

    it('says what is lacking, one thing after the other', async () => {
      await open();
      const lacks = async () => {
        await bed.press('Ask', bed.dialog);
        return words(bed.dialog?.querySelector('#ask-lacks') ?? null);
      };
      expect(await lacks()).toMatch(/Say of what you need more/);
      await bed.set('vcpus', 'many');
      expect(await lacks()).toMatch(/^vCPUs: name a number above 0/);
      await bed.set('vcpus', '8');
      await bed.set('until', '2026-11-21');
      expect(await lacks()).toMatch(/until a day within a year/);
      await bed.set('until', '2026-12-01');
      expect(await lacks()).toMatch(/Say why/);
      await bed.press('Cancel', bed.dialog);
    });

    it('asks in the units of the form, for oneself or a proposal', async () => {
      await open();
      await bed.set('subject', 'k1');
      await bed.set('memoryMib', '16');
      await bed.set('vcpuMinutes', '1,5');
      await bed.set('until', '2026-12-01');
      await bed.set('reason', 'Two samples.');
      await bed.press('Ask', bed.dialog);
      const request = asked();
      expect(request.request.body).toEqual({
        ...{ kind: 'QUOTA', proposal: 'k1', amounts: { memoryMib: 16_384, vcpuMinutes: 90 }, reason: 'Two samples.' },
        until: new Date('2026-12-01T23:59:59').toISOString(),
      });
      request.flush(REQUEST, { status: 201, statusText: 'Created' });
      await bed.rest();
      expect(bed.dialog).toBeNull();
      await show(REQUEST);
    });

    it('stays open with the reason of a refusal', async () => {
      await open();
      await bed.set('vcpus', '8');
      await bed.set('reason', 'Two samples.');
      await bed.press('Ask', bed.dialog);
      refuse(asked(), 409, 'REQUEST_OPEN', 'You have asked for that already.');
      await bed.rest();
      expect(words(bed.dialog)).toContain('You have asked for that already.');
      await bed.press('Cancel', bed.dialog);
    });
  });
});
