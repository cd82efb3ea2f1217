import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { GpuView } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { gpu } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { GpusPage } from './gpus-page';

const URL = '/api/gpus';

describe('GpusPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const now = signal(Date.parse('2026-11-21T10:01:00.000Z'));
  const rows = () => [...bed.page.querySelectorAll('tbody tr')].map(words);

  async function open(): Promise<void> {
    http = setUpPortal([], [{ provide: Clock, useValue: { now } }]);
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(GpusPage));
    await bed.rest();
  }
  async function show(items: GpuView[]): Promise<void> {
    await open();
    http.expectOne(URL).flush({ items });
    await bed.rest();
  }

  it('tells of each card what it is, where, and whether a desktop can have it', async () => {
    await show([gpu()]);
    expect(rows()).toEqual([
      'NVIDIA 10de:2204 free vm-host-1 0000:65:00.0, 0000:65:00.1 NUMA node 0 vfio-pci 12, alone in it',
    ]);
    expect(words(bed.page)).toContain('One card: 1 free, 0 in use, 0 not for desktops.');
  });

  it('tells whose desktop has one, since when', async () => {
    const lease = {
      instanceId: '11111111-1111-4111-8111-111111111111',
      owner: { id: '22222222-2222-4222-8222-222222222222', name: 'Ada Okafor' },
      proposal: { key: 'k1', name: '20260301' },
      since: '2026-11-21T09:00:00.000Z',
    };
    await show([gpu({ state: 'leased', lease })]);
    expect(rows()[0]).toContain('in use Ada Okafor, proposal 20260301 since');
  });

  it('says why no desktop can have one, and what shares its group', async () => {
    const unusable = 'The host’s own screen hangs on it.';
    const others = { groupMembers: ['0000:65:00.0', '0000:65:00.1', '0000:66:00.0'], driver: null, vendorName: null };
    await show([gpu({ state: 'unusable', unusable, allowed: false, ...others }), gpu({ address: 'b', iommuGroup: null })]);
    expect(rows()[0]).toContain(`not for desktops ${unusable} The site file does not name it for desktops.`);
    expect(rows()[0]).toContain('Vendor 10de');
    expect(rows()[0]).toContain('none 12, shared with 0000:66:00.0');
    expect(rows()[1]).toContain('the host has no IOMMU');
  });

  it('says when a host is silent', async () => {
    await show([gpu({ seenAt: '2026-11-21T09:51:00.000Z' })]);
    expect(rows()[0]).toContain('has not spoken of it for a while (10 min ago)');
  });

  it('says what to do where there is none, and why the list cannot be had', async () => {
    await show([]);
    expect(words(bed.page)).toContain('No card was seen');
    TestBed.resetTestingModule();
    await open();
    expect(words(bed.page)).toContain('Loading the cards');
    refuse(http.expectOne(URL), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('Broken.');
  });
});
