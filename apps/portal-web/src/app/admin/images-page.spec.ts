import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ImageView } from '@beamdesk/contracts';
import { image, imageVersion, plansView } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { ImagesPage } from './images-page';

const URL = '/api/images';

describe('ImagesPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const text = () => words(bed.page);
  const rows = () => [...bed.page.querySelectorAll('tbody tr')].map(words);

  async function open(): Promise<void> {
    http = setUpPortal();
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(ImagesPage));
    await bed.rest();
  }
  async function show(items: ImageView[]): Promise<void> {
    await open();
    http.expectOne(URL).flush({ items });
    http.expectOne('/api/plans').flush(plansView());
    await bed.rest();
  }

  it('tells of each image its active version, where it is offered, its size and who uses it', async () => {
    const active = imageVersion({ number: 2, uses: { desktops: 3, keptDisks: 0 } });
    await show([image([imageVersion({ number: 3, state: 'draft' }), active, imageVersion({ state: 'retired' })])]);
    expect(rows()).toEqual([
      'XRD desktop Diffraction on Debian active version 2 version 3: draft XRD (wherever its plans say) 1.2 GB 3',
    ]);
    expect(bed.page.querySelector('tbody a')?.getAttribute('href')).toBe('/images/xrd');
  });

  it('says what else is under way', async () => {
    const importing = imageVersion({ state: 'importing', progress: { step: 'converting', fraction: 0.42 }, sizeBytes: null });
    await show([image([imageVersion({ number: 9, state: 'failed' }), { ...importing, number: 8 }])]);
    expect(rows()[0]).toContain('not taken in version 9 version 8: Converting it: 42 %');
    expect(rows()[0]).toContain('not now: XRD');
  });

  it('says where it is offered, and that no plan names it', async () => {
    const offering = { beamlines: ['id11'], techniques: [], groups: ['xrd-team'] };
    await show([image([imageVersion()], { offering }), image([imageVersion()], { id: 'b', plans: [], origin: 'site' })]);
    expect(rows()[0]).toContain('XRD (at ID11; to the group xrd-team)');
    expect(rows()[1]).toContain('site file');
    expect(rows()[1]).toContain('no plan names it');
  });

  it('finds by words of name and software', async () => {
    await show([image(), image([imageVersion({ software: [] })], { id: 'tomo', name: 'Tomography' })]);
    expect(text()).toContain('2 images.');
    await bed.set('search', 'pyfai desktop');
    expect(rows()).toHaveLength(1);
    expect(text()).toContain('1 of 2 for “pyfai desktop”.');
    await bed.set('search', 'nothing like it');
    expect(rows()).toHaveLength(0);
    expect(text()).toContain('None of 2');
  });

  it('tells how to begin where there is none', async () => {
    await show([]);
    expect(text()).toContain('No image yet');
    const links = [...bed.page.querySelectorAll('.empty a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['/images/new']);
  });

  it('waits, then says why the list cannot be had, and tries again', async () => {
    await open();
    expect(text()).toContain('Loading the images');
    refuse(http.expectOne(URL), 503, 'UNAVAILABLE', 'Not now.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('Not now.');
    await bed.press('Try again');
    http.expectOne(URL).flush({ items: [image()] });
    await bed.rest();
    expect(rows()).toHaveLength(1);
  });

  it('says when it is slow', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    try {
      http = setUpPortal();
      await signIn(http, session());
      const fixture = TestBed.createComponent(ImagesPage);
      fixture.detectChanges();
      jest.advanceTimersByTime(3000);
      fixture.detectChanges();
      expect(words(fixture.nativeElement)).toContain('longer than usual');
    } finally {
      jest.useRealTimers();
    }
  });

  it('asks again within two seconds while something is being taken in', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    try {
      http = setUpPortal();
      await signIn(http, session());
      TestBed.createComponent(ImagesPage).detectChanges();
      http.expectOne(URL).flush({ items: [image([imageVersion({ state: 'importing' })])] });
      jest.advanceTimersByTime(2000);
      http.expectOne(URL).flush({ items: [image()] });
      jest.advanceTimersByTime(14_000);
      http.expectNone(URL);
      jest.advanceTimersByTime(1000);
      http.expectOne(URL);
    } finally {
      jest.useRealTimers();
    }
  });
});
