import { ComponentFixture, DeferBlockBehavior, DeferBlockState, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { InstanceView } from '@beamdesk/contracts';
import { ApiError } from '../api/api-error';
import { FilesApi } from '../api/files';
import { toUserMessage } from '../api/user-message';
import { StopDesktop } from '../resources/stop-desktop';
import { Toasts } from '../shell/toasts.store';
import { words } from '../testing/portal';
import { DesktopPage } from './desktop-page';
import { chosen, file } from './files/testing/chosen';
import { ObedientFiles } from './files/testing/obedient-files';
import { Transfers } from './files/transfers';
import { FullScreen } from './full-screen';
import { RemoteDisplay } from './remote-display/remote-display';
import { DesktopBed, ID, instanceView } from './testing/desktop-bed';

describe('DesktopPage', () => {
  let bed: DesktopBed;
  let fixture: ComponentFixture<DesktopPage>;
  let page: HTMLElement;
  let asked: InstanceView[];

  beforeEach(() => {
    bed = new DesktopBed();
    localStorage.clear();
    asked = [];
    TestBed.configureTestingModule({
      deferBlockBehavior: DeferBlockBehavior.Manual,
      providers: [
        ...bed.providers,
        provideRouter([]),
        {
          provide: StopDesktop,
          useValue: { busy: () => false, stop: async (instance: InstanceView) => asked.push(instance) },
        },
      ],
    });
    TestBed.overrideComponent(DesktopPage, {
      add: { providers: [{ provide: RemoteDisplay, useValue: bed.display }] },
    });
  });

  async function show(instance = instanceView()): Promise<void> {
    bed.instance.set(instance);
    fixture = TestBed.createComponent(DesktopPage);
    fixture.componentRef.setInput('instanceId', ID);
    page = fixture.nativeElement as HTMLElement;
    await settle();
  }

  async function settle(): Promise<void> {
    await fixture.whenStable();
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  }

  const heading = () => page.querySelector('bd-state-panel h2')?.textContent?.trim();
  const frame = () => page.querySelector('[data-testid="remote-display"]');
  const modes = () => Array.from(document.querySelectorAll<HTMLElement>('[role=menuitemradio]'));
  const mode = (name: string) => modes().find(({ textContent }) => textContent?.trim().startsWith(name));
  const pictureModes = async (): Promise<string[]> => {
    page.querySelector<HTMLButtonElement>('bd-picture-menu button')?.click();
    await settle();
    const nameOf = (item: HTMLElement) => item.querySelector('.mode > span')?.firstChild?.textContent?.trim();
    return modes().map((item) => `${nameOf(item)} ${item.getAttribute('aria-checked')}`);
  };
  const button = (name: string) =>
    Array.from(page.querySelectorAll('button')).find(({ textContent }) => textContent?.trim() === name);

  it('marks the display as live with the first picture and gives it the keyboard', async () => {
    await show();
    expect(frame()?.getAttribute('data-state')).toBe('connecting');
    expect(page.textContent).toContain('Connecting to your desktop');
    bed.display.latest.listener.picture();
    await settle();
    expect(frame()?.getAttribute('data-state')).toBe('live');
    expect(page.querySelector('.over')).toBeNull();
    expect(bed.display.latest.done).toContain('focus typing');
  });

  it.each([
    ['REQUESTED', 'Your desktop is starting'],
    ['BUILDING', 'Your desktop is starting'],
    ['STARTING', 'Your desktop is starting'],
    ['STOPPING', 'The desktop is stopping'],
    ['DELETING', 'The desktop is stopping'],
    ['STOPPED', 'The desktop is stopped'],
    ['FAILED', 'The desktop could not be started'],
  ] as const)('has words of its own for %s', async (state, words) => {
    await show(instanceView({ state }));
    expect(heading()).toBe(words);
    expect(bed.display.connections).toEqual([]);
  });

  it('tells the step while starting and the reason after a failure', async () => {
    await show(instanceView({ state: 'STARTING', step: 'Mounting the data' }));
    expect(page.textContent).toContain('Mounting the data');
    bed.instance.set(instanceView({ state: 'FAILED', failure: { code: 'BOOT_TIMEOUT', message: 'It did not boot.' } }));
    await settle();
    expect(page.textContent).toContain('It did not boot.');
    expect(page.textContent).toContain('BOOT_TIMEOUT');
    button('Try again')?.click();
    await settle();
    expect(bed.launched).toEqual(['demo:site:20260301']);
  });

  it('says that the desktop is gone now', async () => {
    await show();
    bed.instance.set(undefined);
    await settle();
    expect(heading()).toBe('The desktop was stopped');
    expect(page.textContent).toContain('its disk is gone');
  });

  it('says nothing before it knows', async () => {
    bed.loaded.set(false);
    fixture = TestBed.createComponent(DesktopPage);
    bed.instance.set(undefined);
    fixture.componentRef.setInput('instanceId', '00000000-0000-4000-8000-000000000000');
    page = fixture.nativeElement as HTMLElement;
    await settle();
    expect(heading()).toBeUndefined();
    bed.loaded.set(true);
    await settle();
    expect(heading()).toBe('There is no such desktop');
  });

  it('shows one still panel from the start to the first picture', async () => {
    await show(instanceView({ state: 'STARTING', step: 'Copying the machine' }));
    const panel = page.querySelector('bd-state-panel');
    bed.instance.set(instanceView());
    await settle();
    expect(frame()?.getAttribute('data-state')).toBe('connecting');
    expect(page.querySelector('bd-state-panel')).toBe(panel);
    expect(panel?.textContent).toContain('Connecting');
    bed.display.latest.listener.picture();
    await settle();
    expect(page.querySelector('bd-state-panel')).toBeNull();
  });

  it('says what becomes of the disk before the first picture, until it is read', async () => {
    sessionStorage.clear();
    await show(instanceView({ state: 'STARTING' }));
    expect(page.textContent).toContain('Keep your results in /scratch.');
    button('Understood')?.click();
    await settle();
    expect(page.textContent).not.toContain('Keep your results in /scratch.');
  });

  it('tells why it reconnects and lets nobody wait', async () => {
    await show();
    bed.display.latest.listener.ended(520);
    await settle();
    expect(page.textContent).toContain('The display service was interrupted. Your desktop keeps running.');
    button('Reconnect now')?.click();
    await settle();
    expect(bed.display.connections).toHaveLength(2);
  });

  it('tells why it does not', async () => {
    await show();
    bed.display.latest.listener.ended(771);
    await settle();
    expect(heading()).toBe('You may no longer use this desktop');
    expect(button('Connect again')).toBeUndefined();
  });

  it('leads out of the display by keyboard to the first button of the toolbar, opening it', async () => {
    await show();
    document.body.append(page);
    page.querySelector<HTMLElement>('.toggle')?.click();
    await settle();
    expect(page.querySelector('#desktop-tools')?.hasAttribute('hidden')).toBe(true);
    bed.display.latest.listener.escape();
    await settle();
    expect(page.querySelector('#desktop-tools')?.hasAttribute('hidden')).toBe(false);
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Hide the toolbar');
    page.remove();
  });

  it('asks before it stops the machine, and only then', async () => {
    await show();
    bed.display.latest.listener.picture();
    await settle();
    page.querySelector<HTMLButtonElement>('.stop')?.click();
    expect(asked.map(({ id }) => id)).toEqual([ID]);
    fixture.destroy();
    expect(asked).toHaveLength(1);
    expect(bed.display.latest.done).toContain('disconnect');
  });

  it('sends text of the panel to the desktop and shows what was copied there', async () => {
    await show();
    bed.display.latest.listener.picture();
    bed.display.latest.listener.clipboard('copied there');
    button('Clipboard')?.click();
    await settle();
    const field = page.querySelector<HTMLTextAreaElement>('#clipboard-text');
    expect(field?.value).toBe('copied there');
    if (field) field.value = 'pasted here';
    button('Send to the desktop')?.click();
    await settle();
    expect(bed.display.latest.done).toContain('clipboard pasted here');
    expect(page.querySelector('#clipboard-text')).toBeNull();
  });

  it('saves what is on the screen under proposal and time, and says so', async () => {
    const saved: { name: string; href: string }[] = [];
    URL.createObjectURL = (content) => `blob:${(content as Blob).type}`;
    URL.revokeObjectURL = () => undefined;
    const click = jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved.push({ name: this.download, href: this.href });
    });
    try {
      await show();
      expect(button('Screenshot')?.disabled).toBe(true);
      bed.display.latest.listener.picture();
      await settle();
      button('Screenshot')?.click();
      await settle();
      expect(saved).toHaveLength(1);
      expect(saved[0].href).toBe('blob:image/png');
      expect(saved[0].name).toMatch(/^20260301-\d{4}-\d\d-\d\d-\d{6}\.png$/);
      const toasts = TestBed.inject(Toasts).all();
      expect(toasts.map(({ text }) => text)).toEqual([`Screenshot saved as ${saved[0].name}`]);
    } finally {
      click.mockRestore();
    }
  });

  it('sends the special keys from a menu and gives the desktop the keyboard then', async () => {
    await show();
    bed.display.latest.listener.picture();
    await settle();
    button('Keys')?.click();
    await settle();
    const items = Array.from(document.querySelectorAll<HTMLElement>('[role=menuitem]'));
    expect(items).toHaveLength(18);
    bed.display.latest.done.length = 0;
    items.find(({ textContent }) => textContent?.trim() === 'Alt+F4')?.click();
    await settle();
    expect(bed.display.latest.done).toEqual(['press ffe9 ffc1', 'focus typing']);
  });

  it('leads back to its button when the menu of special keys is left without a choice', async () => {
    await show();
    document.body.append(page);
    bed.display.latest.listener.picture();
    await settle();
    bed.display.latest.done.length = 0;
    button('Keys')?.click();
    await settle();
    document
      .querySelector('[role=menu]')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', keyCode: 27, bubbles: true }));
    await settle();
    expect(document.activeElement).toBe(button('Keys'));
    expect(bed.display.latest.done).toEqual([]);
    page.remove();
  });

  it('tells how to get out of full screen when the keyboard is locked', async () => {
    Object.assign(document, { fullscreenEnabled: true });
    await show();
    const screen = fixture.debugElement.injector.get(FullScreen);
    jest.spyOn(screen, 'toggle').mockResolvedValue(true);
    button('Full screen')?.click();
    await settle();
    const [toast] = TestBed.inject(Toasts).all();
    expect(toast.text).toBe('All keys go to the desktop now. To leave full screen, hold Esc.');
  });

  it('explains in words how the line does, and keeps its figures new', async () => {
    jest.useFakeTimers({ advanceTimers: true });
    try {
      await show();
      expect(page.querySelector('bd-line-indicator')).toBeNull();
      bed.display.latest.listener.picture();
      await settle();
      const indicator = page.querySelector<HTMLButtonElement>('bd-line-indicator button');
      expect(indicator?.textContent?.trim()).toBe('Line: 23 ms');
      bed.display.latest.line = { latencyMs: 340, framesPerSecond: 4, bytesPerSecond: 1_200_000 };
      jest.advanceTimersByTime(1000);
      expect([indicator?.textContent?.trim(), indicator?.dataset['grade']]).toEqual(['Line: 340 ms', 'slow']);
      indicator?.click();
      await settle();
      const panel = page.querySelector('bd-line-panel');
      expect(panel?.textContent).toContain('Your line answers slowly: 340 ms');
      expect(panel?.textContent).toMatch(/4 a second.*1\.2 MB\/s/);
      expect(indicator?.getAttribute('aria-expanded')).toBe('true');
      bed.display.latest.line = { latencyMs: 30, framesPerSecond: 0, bytesPerSecond: 0 };
      jest.advanceTimersByTime(1000);
      expect(panel?.textContent).toContain('Your line answers quickly: 30 ms');
    } finally {
      jest.useRealTimers();
    }
  });

  it('has one panel open at a time and leads back to the desktop by Escape', async () => {
    await show();
    bed.display.latest.listener.picture();
    await settle();
    button('Clipboard')?.click();
    page.querySelector<HTMLButtonElement>('bd-line-indicator button')?.click();
    await settle();
    expect(page.querySelector('bd-clipboard-panel')).toBeNull();
    bed.display.latest.done.length = 0;
    page.querySelector('bd-line-panel')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    await settle();
    expect(page.querySelector('bd-line-panel')).toBeNull();
    expect(bed.display.latest.done).toEqual(['focus typing']);
  });

  it('opens the files from the bar, says there what is on the way, and leads back to it', async () => {
    const files = new ObedientFiles();
    TestBed.overrideProvider(FilesApi, { useValue: files });
    await show();
    document.body.append(page);
    bed.display.latest.listener.picture();
    await settle();
    const [block] = await fixture.getDeferBlocks();
    await block.render(DeferBlockState.Complete);
    const opener = button('Files');
    opener?.focus();
    opener?.click();
    await settle();
    expect(page.querySelector('bd-files-panel h2')?.textContent).toBe('Files');
    expect(opener?.getAttribute('aria-expanded')).toBe('true');
    TestBed.inject(Transfers).add(ID, '/scratch', chosen(file('a'), file('b')));
    await settle();
    expect(words(opener ?? null)).toBe('Files 2 on the way');
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(page.querySelector('bd-files-panel')).toBeNull();
    expect(document.activeElement).toBe(opener);
    TestBed.inject(Transfers).cancelAll(ID);
    page.remove();
  });

  it('says that the files cannot be loaded', async () => {
    await show();
    const [block] = await fixture.getDeferBlocks();
    await block.render(DeferBlockState.Error);
    expect(page.textContent).not.toContain('could not be loaded');
    button('Files')?.click();
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('The panel Files could not be loaded.');
  });

  it('tells that a text is too long for the clipboard and sends nothing of it', async () => {
    await show();
    bed.display.latest.listener.picture();
    button('Clipboard')?.click();
    await settle();
    const field = page.querySelector<HTMLTextAreaElement>('#clipboard-text');
    if (field) field.value = 'ä'.repeat(131_073);
    button('Send to the desktop')?.click();
    await settle();
    expect(page.querySelector('bd-clipboard-panel .failure')?.textContent).toContain('more than 256 kB');
    if (field) field.value = 'ä\nö';
    button('Send to the desktop')?.click();
    await settle();
    expect(bed.display.latest.done.filter((what) => what.startsWith('clipboard'))).toEqual(['clipboard ä\nö']);
  });

  it('marks the clipboard where the browser refused the text, which the panel then selects', async () => {
    await show();
    document.body.append(page);
    bed.display.latest.listener.picture();
    bed.display.latest.listener.clipboard('copied there');
    await settle();
    const opener = page.querySelector<HTMLButtonElement>('.waiting')?.closest('button');
    expect(opener?.textContent).toContain('holds new text');
    opener?.click();
    await settle();
    button('Copy')?.click();
    await settle();
    const field = page.querySelector<HTMLTextAreaElement>('#clipboard-text');
    expect([field?.selectionStart, field?.selectionEnd]).toEqual([0, 'copied there'.length]);
    expect(page.textContent).toContain('copy it with Ctrl+C');
    page.remove();
  });

  it('shows the picture 1:1 on demand', async () => {
    await show();
    bed.display.latest.listener.picture();
    await settle();
    expect(await pictureModes()).toEqual(['Fit true', '1:1 false', 'Match my window false']);
    mode('1:1')?.click();
    await settle();
    expect(bed.display.latest.done).toContain('fit one-to-one');
    expect(button('Picture: 1:1')).toBeDefined();
    expect(await pictureModes()).toEqual(['Fit false', '1:1 true', 'Match my window false']);
  });

  it('has the desktop match the window on demand, and remembers it', async () => {
    jest.spyOn(document, 'hasFocus').mockReturnValue(true);
    await show();
    const picture = frame();
    for (const side of ['clientWidth', 'clientHeight']) Object.defineProperty(picture, side, { value: 1000 });
    bed.display.latest.listener.size(1280, 800);
    bed.display.latest.listener.picture();
    await settle();
    await pictureModes();
    mode('Match my window')?.click();
    await settle();
    expect([bed.display.latest.done.at(-1), bed.sizes]).toEqual(['fit match', ['1000x1000']]);
    expect(button('Picture: Match')).toBeDefined();
    expect(localStorage.getItem('beamdesk.picture')).toBe('match');
  });

  it('asks the session itself where that carries sizes, and fits a desktop that does not follow', async () => {
    jest.spyOn(document, 'hasFocus').mockReturnValue(true);
    localStorage.setItem('beamdesk.picture', 'match');
    bed.protocol = 'rdp';
    bed.sizeError = new Error('not to be asked');
    await show();
    for (const side of ['clientWidth', 'clientHeight']) Object.defineProperty(frame(), side, { value: 1000 });
    bed.display.latest.listener.picture();
    await settle();
    await pictureModes();
    mode('Match my window')?.click();
    await settle();
    expect(bed.display.latest.done).toContain('resize 1000x1000');
    expect(bed.sizes).toEqual([]);
    bed.protocol = 'vnc';
    bed.sizeError = new ApiError(409, toUserMessage(409, { code: 'DISPLAY_FIXED', message: 'It cannot.' }));
    bed.display.latest.listener.ended(520);
    await settle();
    button('Reconnect now')?.click();
    await settle();
    bed.display.latest.listener.picture();
    await settle();
    await pictureModes();
    mode('Match my window')?.click();
    await settle();
    expect(bed.display.latest.done.at(-1)).toBe('fit fit');
    expect(
      TestBed.inject(Toasts)
        .all()
        .map(({ text }) => text),
    ).toContain('It cannot.');
  });

  it('leaves the size of the desktop to those who control it', async () => {
    localStorage.setItem('beamdesk.picture', 'match');
    await show(instanceView({ role: 'GUEST' }));
    bed.display.latest.listener.picture();
    await settle();
    expect(button('Picture: Fit')).toBeDefined();
    await pictureModes();
    expect(mode('Match my window')?.matches('[aria-disabled=true], [disabled]')).toBe(true);
    expect(mode('Match my window')?.textContent).toContain('Only for those who control the desktop');
  });

  it('pushes the pointer as a touchpad does on demand, also after a reconnect', async () => {
    await show();
    bed.display.latest.listener.picture();
    await settle();
    button('Touchpad')?.click();
    await settle();
    expect(bed.display.latest.done).toContain('touch touchpad');
    expect(button('Touchpad')?.getAttribute('aria-pressed')).toBe('true');
    bed.display.latest.listener.ended(520);
    await settle();
    button('Reconnect now')?.click();
    await settle();
    expect(bed.display.connections).toHaveLength(2);
    expect(bed.display.latest.done).toContain('touch touchpad');
  });

  it('counts down to the end of the desktop, with a warning near it', async () => {
    await show(instanceView({ expiresAt: new Date(Date.now() + 3 * 3600_000 + 30_000).toISOString() }));
    expect(page.querySelector('.ends')?.textContent).toContain('Ends in 3 h 0 min');
    bed.instance.set(instanceView({ expiresAt: new Date(Date.now() + 5 * 60_000 + 500).toISOString() }));
    await settle();
    expect(page.querySelector('.soon')?.textContent).toContain('Save your work: ends in');
  });
});
