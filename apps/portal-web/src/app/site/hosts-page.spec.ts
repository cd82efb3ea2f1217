import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { MonitoredHost, Role } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { needs, session } from '../testing/views';
import { HostsPage } from './hosts-page';

function host(change: Partial<MonitoredHost> = {}): MonitoredHost {
  return {
    ...{
      id: 'vm-1',
      active: true,
      accelerator: 'kvm',
      vcpus: 16,
      cpuLoad: 0.5,
      cpuPressure: 0.12,
      held: needs,
      queued: 0,
    },
    ...{
      memoryTotalMib: 65_536,
      memoryAvailableMib: 16_384,
      diskTotalMib: 1_048_576,
      diskAvailableMib: 52_428,
      desktops: 3,
    },
    ...{ draining: false, drainingBy: null, drainingAt: null, observedAt: '2026-11-21T12:00:00.000Z', silent: false },
    ...change,
  };
}

describe('HostsPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T12:00:30.000Z'));
  const text = () => words(bed.page);

  async function show(items: MonitoredHost[], role: Role = 'ADMIN', queued = 0): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    const { user, ...rest } = session();
    await signIn(http, { ...rest, user: user && { ...user, roles: [role] } });
    bed = new PageBed(TestBed.createComponent(HostsPage));
    await bed.rest();
    http.expectOne('/api/monitor/hosts').flush({ items, queued });
    await bed.rest();
  }

  it('tells in words what the bars show', async () => {
    await show([host()], 'STAFF', 2);
    for (const said of [
      'One host, 2 launches wait for room.',
      'takes launches',
      'KVM',
      '8 on 16 processors',
      '12 % of the time',
    ]) {
      expect(text()).toContain(said);
    }
    for (const said of ['16 GiB left of 64 GiB', '51.2 GiB left of 1 TiB', '3 desktops', 'last seen just now'])
      expect(text()).toContain(said);
    expect(bed.page.querySelectorAll('.high')).toHaveLength(1);
    expect(bed.page.querySelector('li button')).toBeNull();
  });

  it('says what it does not know, and that a host is silent', async () => {
    const none = {
      accelerator: null,
      vcpus: null,
      cpuLoad: null,
      cpuPressure: null,
      memoryTotalMib: null,
      memoryAvailableMib: null,
    };
    await show([host({ ...none, diskTotalMib: null, silent: true, observedAt: null })]);
    expect(text()).toContain('has not spoken yet');
    expect(text()).toContain('CPU load not known');
  });

  it('drains a host after asking, and takes it back', async () => {
    await show([host()]);
    await bed.press('Drain vm-1');
    expect(words(bed.dialog)).toContain('What runs there now (3) goes on');
    await bed.press('Leave it', bed.dialog);
    http.expectNone('/api/monitor/hosts/vm-1/drain');
    await bed.press('Drain vm-1');
    await bed.press('Drain', bed.dialog);
    http.expectOne({ method: 'POST', url: '/api/monitor/hosts/vm-1/drain' }).flush(null);
    await bed.rest();
    const drained = host({ draining: true, drainingBy: 'Dana Moreau', drainingAt: '2026-11-21T12:00:00.000Z' });
    http.expectOne('/api/monitor/hosts').flush({ items: [drained], queued: 0 });
    await bed.rest();
    expect(text()).toContain('Takes no new launches, by Dana Moreau');
    await bed.press('Let vm-1 take launches again');
    refuse(http.expectOne({ method: 'POST', url: '/api/monitor/hosts/vm-1/undrain' }), 503, 'UNAVAILABLE', 'Not now.');
    await bed.rest();
    http.expectOne('/api/monitor/hosts');
  });
});
