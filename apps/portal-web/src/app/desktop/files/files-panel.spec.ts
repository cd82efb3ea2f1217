import { ComponentFixture, TestBed } from '@angular/core/testing';
import { FilesApi } from '../../api/files';
import { SessionStore } from '../../api/session.store';
import { Toasts } from '../../shell/toasts.store';
import { words } from '../../testing/portal';
import { Chosen } from './chosen-files';
import { FilesPanel } from './files-panel';
import { FolderStore } from './folder.store';
import { chosen, file } from './testing/chosen';
import { ObedientFiles, entry, refusal } from './testing/obedient-files';
import { Transfers } from './transfers';

describe('FilesPanel', () => {
  let api: ObedientFiles;
  let fixture: ComponentFixture<FilesPanel>;
  let panel: HTMLElement;
  let folder: FolderStore;

  beforeEach(async () => {
    api = new ObedientFiles();
    api.folders.set('/scratch', [
      entry('results', 'folder', 0),
      entry('.hidden'),
      entry('scan ü 🧪.h5', 'file', 52_428_800),
      entry('pipe', 'other', 0),
    ]);
    api.folders.set('/scratch/results', []);
    api.folders.set('/data', [entry('raw', 'folder', 0)]);
    TestBed.configureTestingModule({
      providers: [
        FolderStore,
        { provide: FilesApi, useValue: api },
        { provide: SessionStore, useValue: { loaded: () => true, signedIn: () => true } },
      ],
    });
    folder = TestBed.inject(FolderStore);
    folder.open('i1', '/scratch');
    fixture = TestBed.createComponent(FilesPanel);
    panel = fixture.nativeElement as HTMLElement;
    fixture.componentRef.setInput('instanceId', 'i1');
    fixture.componentRef.setInput('refusal', null);
    fixture.componentRef.setInput('reachable', true);
    document.body.append(panel);
    await fixture.whenStable();
  });
  afterEach(() => panel.remove());

  const settle = () => fixture.whenStable();
  const rows = () => Array.from(panel.querySelectorAll<HTMLElement>('.row'));
  const names = () => rows().map((row) => row.querySelector('.name')?.textContent);
  const focused = () => document.activeElement?.querySelector('.name')?.textContent;
  const button = (name: string) =>
    Array.from(panel.querySelectorAll('button')).find(
      (each) => words(each) === name || each.getAttribute('aria-label') === name,
    );
  async function key(name: string): Promise<void> {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
    await settle();
  }

  it('lists the folder with sizes, hidden files only on demand', async () => {
    expect(names()).toEqual(['results', 'scan ü 🧪.h5', 'pipe']);
    expect(words(rows()[1])).toMatch(/^scan ü 🧪\.h5 52 MB · .*2026.* Download$/);
    expect(words(panel.querySelector('.foot'))).toContain('1 kB free. Up to 100 bytes a file.');
    panel.querySelector<HTMLInputElement>('.foot input')?.click();
    await settle();
    expect(names()).toContain('.hidden');
  });

  it('downloads by a plain link of the right name', () => {
    const link = rows()[1] as HTMLAnchorElement;
    expect(link.getAttribute('href')).toBe('/content/i1?path=%2Fscratch%2Fscan%20%C3%BC%20%F0%9F%A7%AA.h5');
    expect(link.download).toBe('scan ü 🧪.h5');
    link.addEventListener('click', (event) => event.preventDefault());
    link.click();
    expect(TestBed.inject(Toasts).all()[0].text).toContain('The download of scan ü 🧪.h5 begins');
    expect(rows()[2].tagName).toBe('SPAN');
  });

  it('is one stop for Tab, in which arrows, Home, End and letters move', async () => {
    expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
    rows()[0].focus();
    await key('ArrowDown');
    expect(focused()).toBe('scan ü 🧪.h5');
    expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
    await key('End');
    expect(focused()).toBe('pipe');
    await key('ArrowDown');
    expect(focused()).toBe('pipe');
    await key('Home');
    expect(focused()).toBe('results');
    await key('p');
    expect(focused()).toBe('pipe');
  });

  it('goes down into a folder and comes back to where it was', async () => {
    rows()[0].focus();
    await key('ArrowRight');
    expect(words(panel.querySelector('nav'))).toBe('Scratch results');
    expect(panel.textContent).toContain('This folder is empty.');
    expect(panel.contains(document.activeElement)).toBe(true);
    button('Scratch')?.focus();
    panel.querySelector<HTMLElement>('nav button')?.click();
    await settle();
    expect(focused()).toBe('results');
    await key('Backspace');
    expect(api.listed.at(-1)).toBe('/scratch');
  });

  it('leads up by Backspace, onto the folder it came from', async () => {
    api.folders.get('/scratch')?.unshift(entry('another', 'folder', 0));
    api.folders.set('/scratch/results', [entry('a')]);
    rows()[0].click();
    await settle();
    expect(focused()).toBe('a');
    await key('Backspace');
    expect(focused()).toBe('results');
  });

  it('sends nothing into a place that is read only, and says so', async () => {
    button('Data read only')?.click();
    await settle();
    expect(button('Data read only')?.getAttribute('aria-current')).toBe('location');
    expect(button('Send files …')?.disabled).toBe(true);
    expect(words(panel.querySelector('.foot'))).toContain('Data is read only');
  });

  it('hands on what was chosen, and can choose the same again', async () => {
    const sent: Chosen[] = [];
    fixture.componentInstance.send.subscribe((what) => sent.push(what));
    const field = panel.querySelector<HTMLInputElement>('input[multiple]');
    const chosenFile = Object.assign(file('a.txt'), { webkitRelativePath: '' });
    Object.defineProperty(field, 'files', { value: [chosenFile] });
    field?.dispatchEvent(new Event('change'));
    expect(sent.map(({ files }) => files.map((each) => each.file.name))).toEqual([['a.txt']]);
    expect(field?.value).toBe('');
  });

  it('makes a folder and goes onto it', async () => {
    button('New folder')?.click();
    await settle();
    const field = panel.querySelector<HTMLInputElement>('#new-folder');
    expect(document.activeElement).toBe(field);
    const submit = async (name: string) => {
      if (field) field.value = name;
      button('Make')?.click();
      await settle();
      await settle();
    };
    await submit('results');
    expect(panel.querySelector('#new-folder-problem')?.textContent).toContain('there already');
    api.makeError = refusal(403, 'FILE_NOT_PERMITTED');
    await submit('neu');
    expect(panel.querySelector('#new-folder-problem')?.textContent).toBe('message of FILE_NOT_PERMITTED');
    api.makeError = undefined;
    await submit(' neu ');
    expect(api.made).toEqual(['/scratch/neu']);
    expect(panel.querySelector('#new-folder')).toBeNull();
    expect(focused()).toBe('neu');
  });

  it('closes the question for a name by Escape, and the panel by another', async () => {
    let dismissed = 0;
    fixture.componentInstance.dismiss.subscribe(() => dismissed++);
    button('New folder')?.click();
    await settle();
    await key('Escape');
    expect([dismissed, panel.querySelector('#new-folder')]).toEqual([0, null]);
    await key('Escape');
    expect(dismissed).toBe(1);
  });

  it('says why it cannot list, and lists when asked again', async () => {
    api.listError = refusal(503, 'FILES_UNAVAILABLE');
    button('List the folder again')?.click();
    await settle();
    expect(panel.querySelector('[role=alert]')?.textContent).toContain('message of FILES_UNAVAILABLE');
    expect(rows()).toEqual([]);
    api.listError = undefined;
    button('Try again')?.click();
    await settle();
    expect(names()).toHaveLength(3);
  });

  it('tells that a folder holds more than is listed', async () => {
    api.view = { truncated: true, freeBytes: null };
    button('List the folder again')?.click();
    await settle();
    expect(panel.textContent).toContain('Only the first 10 000 entries are listed');
    expect(words(panel.querySelector('.foot'))).not.toContain('free');
  });

  it('shows a large folder in parts, to keyboards too', async () => {
    api.folders.set(
      '/scratch',
      Array.from({ length: 203 }, (_, index) => entry(`f${index}`)),
    );
    folder.refresh();
    await settle();
    const more = panel.querySelector<HTMLElement>('.more');
    expect([rows().length, words(more)]).toEqual([200, 'Show more: 200 of 203 are listed']);
    more?.click();
    await settle();
    expect([rows().length, focused()]).toEqual([203, 'f200']);
    await key('End');
    expect([rows().length, focused()]).toEqual([203, 'f202']);
  });

  it('keeps the keyboard when the button that was pressed goes', async () => {
    TestBed.inject(Transfers).add('i1', '/scratch', chosen(file('a'.repeat(300))));
    await settle();
    const clear = button('Clear what is over');
    clear?.focus();
    clear?.click();
    await settle();
    expect(clear?.isConnected).toBe(false);
    expect(document.activeElement).toBe(panel.querySelector('section'));
  });

  it('says why nothing can be exchanged', async () => {
    fixture.componentRef.setInput('refusal', 'The desktop does not run.');
    await settle();
    expect(panel.textContent).toContain('The desktop does not run.');
    expect(button('Send files …')?.disabled).toBe(true);
    fixture.componentRef.setInput('reachable', false);
    await settle();
    expect(rows()).toEqual([]);
  });
});
