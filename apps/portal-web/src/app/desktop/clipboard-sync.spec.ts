import { DOCUMENT } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ClipboardSync } from './clipboard-sync';

/** The browser's clipboard with a permission in a test's hand. */
class PermittedClipboard {
  text = '';
  state = 'granted';
  status: { state: string; onchange?: () => void } = { state: this.state };

  readonly navigator = {
    clipboard: {
      readText: async () => {
        if (this.state === 'denied') throw new DOMException('no', 'NotAllowedError');
        return this.text;
      },
      writeText: async (text: string) => {
        if (this.state === 'denied') throw new DOMException('no', 'NotAllowedError');
        this.text = text;
      },
    },
    permissions: { query: async () => (this.status = { state: this.state }) },
  };
}

async function syncWith(defaultView: unknown): Promise<ClipboardSync> {
  TestBed.configureTestingModule({ providers: [ClipboardSync, { provide: DOCUMENT, useValue: { defaultView } }] });
  const sync = TestBed.inject(ClipboardSync);
  await new Promise((resolve) => setTimeout(resolve));
  return sync;
}

describe('ClipboardSync', () => {
  afterEach(() => TestBed.resetTestingModule());

  it('gives what was copied here once, and never what came from the desktop', async () => {
    const browser = new PermittedClipboard();
    const sync = await syncWith(browser);
    browser.text = 'Grüße\naus 日本';
    expect([await sync.pull(), await sync.pull()]).toEqual(['Grüße\naus 日本', null]);
    await sync.push('from the desktop');
    expect([browser.text, sync.remoteText(), await sync.pull()]).toEqual([
      'from the desktop',
      'from the desktop',
      null,
    ]);
    browser.text = 'new';
    expect(await sync.pull()).toBe('new');
  });

  it('does not read by itself where the browser would ask, and does when asked to', async () => {
    const browser = new PermittedClipboard();
    browser.state = 'prompt';
    browser.text = 'secret';
    const sync = await syncWith(browser);
    expect([sync.access(), await sync.pull()]).toEqual(['ask', null]);
    browser.state = 'granted';
    expect([await sync.request(), sync.access()]).toEqual(['secret', 'automatic']);
  });

  it('notices a permission that is taken away', async () => {
    const browser = new PermittedClipboard();
    const sync = await syncWith(browser);
    browser.state = browser.status.state = 'denied';
    browser.status.onchange?.();
    expect([sync.access(), await sync.pull()]).toEqual(['manual', null]);
  });

  it('says that a text waits which the browser did not take, until a click may take it', async () => {
    const browser = new PermittedClipboard();
    browser.state = 'denied';
    const sync = await syncWith(browser);
    await sync.push('Grüße\r\naus dem Labor');
    expect([sync.waiting(), await sync.take(), sync.waiting()]).toEqual([true, false, true]);
    browser.state = 'granted';
    expect([await sync.take(), sync.waiting(), browser.text]).toEqual([true, false, 'Grüße\r\naus dem Labor']);
  });

  it('sends a text back as it came unless somebody edited it', async () => {
    const sync = await syncWith(new PermittedClipboard());
    await sync.push('Ä\r\nö\n');
    expect(sync.unchanged('Ä\nö\n')).toBe('Ä\r\nö\n');
    expect(sync.unchanged('Ä\nö\n!')).toBe('Ä\nö\n!');
  });

  it('keeps the text for the panel where the browser refuses everything', async () => {
    const browser = new PermittedClipboard();
    browser.state = 'denied';
    const refusing = await syncWith(browser);
    await refusing.push('one');
    expect([refusing.access(), refusing.remoteText()]).toEqual(['manual', 'one']);
    TestBed.resetTestingModule();
    const without = await syncWith({ navigator: {} });
    await without.push('two');
    expect([without.access(), without.remoteText(), await without.request()]).toEqual(['manual', 'two', null]);
  });
});
