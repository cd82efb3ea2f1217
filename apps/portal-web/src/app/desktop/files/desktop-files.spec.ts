import { ComponentFixture, TestBed } from '@angular/core/testing';
import { FilesApi } from '../../api/files';
import { SessionStore } from '../../api/session.store';
import { Toasts } from '../../shell/toasts.store';
import { words } from '../../testing/portal';
import { DesktopStore } from '../desktop.store';
import { instanceView } from '../testing/desktop-bed';
import { DesktopFiles, FilesBadge } from './desktop-files';
import { file } from './testing/chosen';
import { ObedientFiles, entry, refusal } from './testing/obedient-files';
import { Transfers } from './transfers';

const LIVE = { kind: 'live', stable: true } as const;

describe('DesktopFiles', () => {
  let api: ObedientFiles;
  let fixture: ComponentFixture<DesktopFiles>;
  let element: HTMLElement;
  let badges: FilesBadge[];
  let displayFocused: number;

  beforeEach(async () => {
    api = new ObedientFiles();
    badges = [];
    displayFocused = 0;
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: api },
        { provide: SessionStore, useValue: { loaded: () => true, signedIn: () => true } },
        { provide: DesktopStore, useValue: { focusDisplay: () => displayFocused++ } },
      ],
    });
    fixture = TestBed.createComponent(DesktopFiles);
    element = fixture.nativeElement as HTMLElement;
    const { componentInstance: component } = fixture;
    component.badge.subscribe((badge) => badges.push(badge));
    component.show.subscribe(() => set({ open: true }));
    component.dismiss.subscribe(() => set({ open: false }));
    set({ instanceId: 'i1', instance: instanceView(), status: LIVE, open: false });
    await fixture.whenStable();
  });
  afterEach(() => {
    TestBed.inject(Transfers).cancelAll('i1');
    fixture.destroy();
  });

  function set(inputs: Record<string, unknown>): void {
    Object.entries(inputs).forEach(([name, value]) => fixture.componentRef.setInput(name, value));
  }

  async function settle(): Promise<void> {
    await fixture.whenStable();
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  }

  /** A browser's event, above anything of the page; true if the page takes care of it. */
  async function drag(type: string, ...files: File[]): Promise<boolean> {
    const items = files.map((each) => ({ kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => each }));
    const dataTransfer = { types: ['Files'], items, dropEffect: 'copy' };
    const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer });
    const taken = !document.body.dispatchEvent(event);
    await settle();
    return taken;
  }

  const overlay = () => words(element.querySelector('[data-testid=drop-overlay]'));
  const toasts = () =>
    TestBed.inject(Toasts)
      .all()
      .map(({ text }) => text);

  it('says before the drop where it goes, then sends it there and shows the panel', async () => {
    expect(await drag('dragover')).toBe(true);
    expect(overlay()).toBe('Drop to send to Scratch');
    expect(await drag('drop', file('ü 🧪.txt'))).toBe(true);
    expect(overlay()).toBe('');
    expect(api.uploads.map(({ path }) => path)).toEqual(['/scratch/ü 🧪.txt']);
    expect(words(element.querySelector('bd-transfer-list'))).toContain('Sending 1 file, 0 %');
  });

  it('sends into the folder that is open in the panel', async () => {
    api.folders.set('/scratch', [entry('run', 'folder')]);
    api.folders.set('/scratch/run', []);
    set({ open: true });
    await settle();
    element.querySelector<HTMLElement>('.row')?.click();
    await settle();
    await drag('dragover');
    expect(overlay()).toBe('Drop to send to Scratch › run');
    await drag('drop', file('a'));
    expect(api.uploads.map(({ path }) => path)).toEqual(['/scratch/run/a']);
  });

  it('lists the open folder again when something came into it, or below, whatever came elsewhere meanwhile', async () => {
    api.folders.set('/scratch', []);
    set({ open: true });
    await settle();
    const lists = jest.spyOn(api, 'list');
    const { landed } = TestBed.inject(Transfers);
    landed.next({ instanceId: 'i1', folder: '/scratch/run/deep' });
    landed.next({ instanceId: 'i1', folder: '/home/user' });
    landed.next({ instanceId: 'another', folder: '/scratch' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(lists.mock.calls).toEqual([['i1', '/scratch']]);
    landed.next({ instanceId: 'i1', folder: '/scratchy' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(lists).toHaveBeenCalledTimes(1);
  });

  it.each([
    [{ status: { kind: 'reconnecting', reason: 'network', attempt: 1, retryAt: 0 } }, 'no connection to the desktop'],
    [{ status: { kind: 'ended', reason: 'closed' } }, 'Connect again, then send files'],
    [{ instance: instanceView({ state: 'STARTING' }) }, 'still starting'],
    [{ instance: instanceView({ state: 'STOPPED' }) }, 'does not run'],
    [{ instance: instanceView({ role: 'GUEST' }) }, 'You watch this desktop'],
    [{ instance: instanceView({ role: 'SUPPORT' }) }, 'You watch this desktop'],
    [{ instance: undefined }, 'no desktop here any more'],
  ])('says why nothing can be dropped: %#', async (inputs, reason) => {
    set(inputs);
    await drag('dragover');
    expect(overlay()).toContain(reason);
    expect(await drag('drop', file('a'))).toBe(true);
    expect(toasts()).toEqual([expect.stringContaining(reason)]);
    expect(api.uploads).toEqual([]);
  });

  it('does not send into a folder that is read only', async () => {
    api.folders.set('/data', []);
    set({ open: true });
    await settle();
    Array.from(element.querySelectorAll<HTMLElement>('.places button'))[1].click();
    await settle();
    await drag('drop', file('a'));
    expect(toasts()).toEqual([expect.stringContaining('Data is read only')]);
    expect(api.uploads).toEqual([]);
  });

  it('lets the page have what is dragged within it', async () => {
    const event = Object.assign(new Event('dragover', { bubbles: true, cancelable: true }), {
      dataTransfer: { types: ['text/plain'] },
    });
    expect(document.body.dispatchEvent(event)).toBe(true);
    await settle();
    expect(overlay()).toBe('');
  });

  it('takes the overlay away when the files leave the window', async () => {
    await drag('dragover');
    document.body.dispatchEvent(
      Object.assign(new Event('dragleave', { bubbles: true }), {
        dataTransfer: { types: ['Files'] },
        relatedTarget: null,
      }),
    );
    await settle();
    expect(overlay()).toBe('');
  });

  it('counts what is on the way, and marks what waits for the person', async () => {
    await drag('drop', file('a'), file('b'));
    expect(badges.at(-1)).toEqual({ unfinished: 2, attention: false });
    api.upload('a').fail(refusal(403, 'FILE_NOT_PERMITTED'));
    await settle();
    expect(badges.at(-1)).toEqual({ unfinished: 1, attention: true });
    const told = badges.length;
    api.upload('b').options.progress(3);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(badges).toHaveLength(told);
  });

  it('asks what to do with a name that is taken, and does it', async () => {
    api.folders.set('/scratch', [entry('a', 'file', 7)]);
    await drag('drop', file('a'));
    const question = element.querySelector('bd-exists-question');
    expect(words(question)).toContain('a is there already There: 7 bytes of');
    const buttons = Array.from(question?.querySelectorAll('button') ?? []);
    expect(buttons.map((each) => words(each))).toEqual(['Replace', 'Keep both', 'Skip']);
    buttons[0].click();
    await settle();
    expect(api.upload('a').options.overwrite).toBe(true);
    expect(element.querySelector('bd-exists-question')).toBeNull();
  });

  it('goes on when the panel is closed, and tells it aloud', async () => {
    await drag('drop', file('a'));
    set({ open: false });
    await settle();
    expect(api.upload('a').options.signal.aborted).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(words(element.querySelector('[data-testid=files-status]'))).toBe('Sending 1 file.');
    api.upload('a').arrive();
    await new Promise((resolve) => setTimeout(resolve, 900));
    await settle();
    expect(words(element.querySelector('[data-testid=files-status]'))).toBe('1 file sent.');
  });

  it('leads back to what the panel was opened from', async () => {
    const toolbar = document.createElement('bd-desktop-toolbar');
    const opener = toolbar.appendChild(document.createElement('button'));
    document.body.append(toolbar, element);
    opener.focus();
    set({ open: true });
    await settle();
    expect(element.contains(document.activeElement)).toBe(true);
    element.querySelector<HTMLElement>('[aria-label="Close the files"]')?.click();
    expect(document.activeElement).toBe(opener);
    opener.blur();
    set({ open: true });
    await settle();
    element.querySelector<HTMLElement>('[aria-label="Close the files"]')?.click();
    expect(displayFocused).toBe(1);
    toolbar.remove();
    element.remove();
  });

  it('says on leaving the page that files are on their way', async () => {
    await drag('drop', file('a'));
    fixture.destroy();
    expect(toasts()).toEqual(['1 file on the way to the desktop; keep this tab open.']);
    expect(api.upload('a').options.signal.aborted).toBe(false);
  });
});
