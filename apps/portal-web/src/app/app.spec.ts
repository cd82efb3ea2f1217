import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { Router, TitleStrategy } from '@angular/router';
import { FakeSocket } from './testing/fake-socket';
import { pushSnapshot, refuse, setUpPortal, settle, words } from './testing/portal';
import { quota, session, signedOutSession } from './testing/views';
import { App } from './app';
import { PageTitle } from './shell/page-title';
import { Toasts } from './shell/toasts.store';

@Component({ selector: 'bd-first', template: '<h1 tabindex="-1">First</h1>' })
class First {}
@Component({ selector: 'bd-second', template: '<h1 tabindex="-1">Second</h1>' })
class Second {}

describe('App', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<App>;

  beforeEach(async () => {
    localStorage.clear();
    delete document.documentElement.dataset['theme'];
    http = setUpPortal(
      [
        { path: '', component: First, title: 'First' },
        { path: 'second', component: Second, title: 'Second' },
        { path: 'wide', component: Second, data: { bare: true } },
      ],
      [{ provide: TitleStrategy, useClass: PageTitle }],
    );
    fixture = TestBed.createComponent(App);
    document.body.append(fixture.nativeElement);
    TestBed.inject(Router).initialNavigation();
    await fixture.whenStable();
  });
  afterEach(() => fixture.nativeElement.remove());

  async function start(view = session()): Promise<void> {
    http.expectOne('/api/session').flush(view);
    await settle();
    await fixture.whenStable();
  }
  async function go(url: string): Promise<void> {
    await TestBed.inject(Router).navigateByUrl(url);
    await fixture.whenStable();
  }
  const find = <T extends HTMLElement>(selector: string) => fixture.nativeElement.querySelector(selector) as T;
  const text = () => words(fixture.nativeElement);

  it('says why when the portal cannot be reached at the start, and recovers by Retry', async () => {
    refuse(http.expectOne('/api/session'), 500, 'INTERNAL', 'Out of order.');
    await settle();
    await fixture.whenStable();
    expect(find('main [role=alert]').textContent).toContain('Out of order.');
    find<HTMLButtonElement>('main [role=alert] button').click();
    await start();
    expect(find('main [role=alert]')).toBeNull();
    expect(text()).toContain('Demo Light Source');
  });

  it('has one banner, one main, and the pages only for those who may enter', async () => {
    await start(signedOutSession);
    expect(fixture.nativeElement.querySelectorAll('header, main')).toHaveLength(2);
    expect(find('nav')).toBeNull();
    expect(find('a[href="/sign-in"]').textContent).toBe('Sign in');
  });

  it('shows the pages and whose account it is', async () => {
    await start();
    const pages = [...fixture.nativeElement.querySelectorAll('header nav a')].map((link: Element) => link.textContent);
    expect(pages).toEqual(['Proposals', 'Resources', 'Quotas']);
    expect(words(find('.avatar'))).toBe('AO Account of Ada Okafor');
  });

  it.each([
    ['STAFF', 'People Site'],
    ['SUPPORT', 'Site'],
    ['ADMIN', 'People Site Images'],
  ] as const)('leads %s to %s as well', async (role, more) => {
    const { user, ...rest } = session();
    await start({ ...rest, user: user && { ...user, roles: ['USER', role] } });
    expect(find('header nav a[href="/site"]').textContent).toBe('Site');
    expect(words(find('bd-bottom-navigation'))).toBe(`Proposals Resources Quotas ${more}`);
  });

  it('gives the whole window to a page that asks for it', async () => {
    await start();
    await go('/wide');
    expect(find('header')).toBeNull();
    expect(find('main h1').textContent).toBe('Second');
    await go('/second');
    expect(find('header')).not.toBeNull();
  });

  it('names the tab after the page, moves the focus to its heading, and leaves it on a change of the query', async () => {
    await start();
    await go('/second');
    expect(TestBed.inject(Title).getTitle()).toBe('Second · Beamdesk');
    expect(document.activeElement?.textContent).toBe('Second');
    find('header a').focus();
    await go('/second?q=1');
    expect(document.activeElement).toBe(find('header a'));
  });

  it('skips to the content', async () => {
    await start();
    find('a.skip').click();
    expect(document.activeElement?.textContent).toBe('First');
    expect(TestBed.inject(Router).url).toBe('/');
  });

  it('keeps the theme, and nothing else, in localStorage', async () => {
    await start();
    find('[aria-label="Appearance"]').click();
    await fixture.whenStable();
    const dark = [...document.querySelectorAll<HTMLElement>('[role=menuitemradio]')].find((item) =>
      item.textContent?.includes('Dark'),
    );
    dark?.click();
    await fixture.whenStable();
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect({ ...localStorage }).toEqual({ 'beamdesk.theme': 'dark' });
  });

  it('tells quietly when the pushes are interrupted for long, and is quiet again when they are back', async () => {
    await start();
    const socket = await pushSnapshot();
    jest.useFakeTimers();
    try {
      socket.drop();
      TestBed.tick();
      jest.advanceTimersByTime(2000);
      TestBed.tick();
      expect(text()).not.toContain('reconnecting');
      jest.advanceTimersByTime(500);
      TestBed.tick();
      expect(find('bd-connection-note [role=status]').textContent).toContain('reconnecting');
      FakeSocket.last.send({ type: 'snapshot', seq: 1, instances: [], quota: quota() });
      TestBed.tick();
      expect(text()).not.toContain('reconnecting');
    } finally {
      jest.useRealTimers();
    }
  });

  it('speaks toasts in a live region that was there before them', async () => {
    await start();
    const region = find('.toasts');
    expect(region.getAttribute('aria-live')).toBe('polite');
    TestBed.inject(Toasts).info('Saved.');
    await fixture.whenStable();
    expect(region.textContent).toContain('Saved.');
    region.querySelector<HTMLButtonElement>('[aria-label="Dismiss"]')?.click();
    await fixture.whenStable();
    expect(region.textContent?.trim()).toBe('');
  });
});
