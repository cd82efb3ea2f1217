import { HttpTestingController, TestRequest } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { SoftwarePage as Page } from '@beamdesk/contracts';
import { software } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { SoftwarePage } from './software-page';

describe('SoftwarePage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const text = () => words(bed.page);
  const asked = (q = ''): TestRequest => http.expectOne(`/api/software?q=${q}`);

  async function open(): Promise<void> {
    http = setUpPortal();
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(SoftwarePage));
    await bed.rest();
  }
  async function show(page: Page): Promise<void> {
    await open();
    asked().flush(page);
    await bed.rest();
  }

  it('tells which software is where, in which version', async () => {
    await show({ items: [software()], more: false });
    expect(words(bed.page.querySelector('li'))).toBe(
      'pyFAI 2024.5, 2023.9 XRD version 2024.5 for diffraction at ID11 image XRD desktop',
    );
    expect(text()).toContain('One program.');
    expect(bed.page.querySelector('.bd-lead a')?.getAttribute('href')).toBe('/proposals');
  });

  it('finds by a part of the name, and says where nothing is found', async () => {
    await show({ items: [software(), software({ name: 'silx' })], more: true });
    expect(text()).toContain('The first 2: search for a part of the name');
    await bed.set('search', ' silx ');
    await bed.press('Search');
    asked('silx').flush({ items: [software({ name: 'silx' })], more: false });
    await bed.rest();
    expect(bed.page.querySelectorAll('li')).toHaveLength(1);
    expect(text()).toContain('One program for “silx”.');
    await bed.set('search', 'nothing');
    await bed.press('Search');
    asked('nothing').flush({ items: [], more: false });
    await bed.rest();
    expect(text()).toContain('Nothing for “nothing”.');
  });

  it('says when none is listed', async () => {
    await show({ items: [], more: false });
    expect(text()).toContain('No software is listed yet.');
  });

  it('waits, says why it cannot be had, and tries again', async () => {
    await open();
    expect(text()).toContain('Loading the software');
    refuse(asked(), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('Broken.');
    await bed.press('Try again');
    asked().flush({ items: [software()], more: false });
    await bed.rest();
    expect(text()).toContain('pyFAI');
  });
});
