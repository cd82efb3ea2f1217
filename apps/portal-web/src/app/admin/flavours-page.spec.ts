import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { FlavourView } from '@beamdesk/contracts';
import { flavour } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { FlavoursPage } from './flavours-page';

const URL = '/api/flavours';

describe('FlavoursPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const text = () => words(bed.page);

  async function open(): Promise<void> {
    http = setUpPortal();
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(FlavoursPage));
    await bed.rest();
  }
  async function show(items: FlavourView[]): Promise<void> {
    await open();
    http.expectOne(URL).flush({ items });
    await bed.rest();
  }

  it('tells how large each is and which plans have it', async () => {
    await show([flavour({ gpus: 1, plans: [{ id: 'xrd', name: 'XRD' }] })]);
    expect(words(bed.page.querySelector('tbody tr'))).toBe('small 2 4 GiB 20 GiB 1 XRD Change … Delete …');
  });

  it('makes one, and nothing of what is no size', async () => {
    await show([]);
    expect(text()).toContain('No flavour yet');
    await bed.press('Make a flavour');
    await bed.press('Make it', bed.dialog);
    expect(words(bed.dialog)).toContain('The id is 1 to 63');
    await bed.set('id', 'large');
    await bed.set('vcpus', '0');
    await bed.press('Make it', bed.dialog);
    expect(words(bed.dialog)).toContain('vCPUs: a whole number');
    await bed.set('vcpus', '8');
    await bed.set('memoryMib', '1.5');
    await bed.press('Make it', bed.dialog);
    expect(words(bed.dialog)).toContain('Memory and disk');
    await bed.set('memoryMib', '16384');
    await bed.set('gpus', '17');
    await bed.press('Make it', bed.dialog);
    expect(words(bed.dialog)).toContain('GPUs: a whole number from 0 to 16.');
    await bed.set('gpus', '1');
    await bed.press('Make it', bed.dialog);
    const sent = http.expectOne({ method: 'POST', url: URL });
    expect(sent.request.body).toEqual({ id: 'large', vcpus: 8, memoryMib: 16_384, diskMib: 20_480, gpus: 1 });
    refuse(sent, 409, 'EXISTS', 'There is one of this id.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('There is one of this id.');
  });

  it('changes one', async () => {
    await show([flavour()]);
    await bed.press('Change small');
    await bed.set('vcpus', '4');
    await bed.press('Save', bed.dialog);
    const sent = http.expectOne({ method: 'PATCH', url: `${URL}/small` });
    expect(sent.request.body).toEqual({ vcpus: 4, memoryMib: 4096, diskMib: 20_480, gpus: 0 });
    sent.flush({ items: [flavour()] });
    await bed.rest();
    expect(bed.dialog).toBeNull();
    http.expectOne(URL);
  });

  it('deletes only what no plan names, after asking', async () => {
    await show([flavour(), flavour({ id: 'used', plans: [{ id: 'xrd', name: 'XRD' }] })]);
    const used = bed.page.querySelector<HTMLButtonElement>('[aria-label="Delete used"]');
    expect(used?.getAttribute('aria-disabled')).toBe('true');
    used?.click();
    await bed.rest();
    expect(bed.dialog).toBeNull();
    await bed.press('Delete small');
    await bed.press('Delete', bed.dialog);
    http.expectOne({ method: 'DELETE', url: `${URL}/small` }).flush(null);
    await bed.rest();
    http.expectOne(URL);
  });

  it('shows those of the site file, with nothing to press', async () => {
    await show([flavour({ origin: 'site' })]);
    expect(text()).toContain('site file');
    expect(bed.page.querySelector('tbody button')).toBeNull();
  });

  it('says why the list cannot be had', async () => {
    await open();
    expect(text()).toContain('Loading the flavours');
    refuse(http.expectOne(URL), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('Broken.');
  });
});
