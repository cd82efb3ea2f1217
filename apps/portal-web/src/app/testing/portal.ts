import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { Provider } from '@angular/core';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { TestBed } from '@angular/core/testing';
import { Routes, provideRouter, withComponentInputBinding } from '@angular/router';
import type { InstanceView, LoginSessionView, QuotaView } from '@beamdesk/contracts';
import { csrfInterceptor } from '../api/csrf.interceptor';
import { errorsInterceptor } from '../api/errors.interceptor';
import { OPEN_SOCKET } from '../api/events.client';
import { InstancesStore } from '../api/instances.store';
import { sessionInterceptor } from '../api/session.interceptor';
import { SessionStore } from '../api/session.store';
import { LOAD_DESKTOP_CHUNKS } from '../desktop/desktop-chunks';
import { FakeSocket, openFakeSocket } from './fake-socket';
import * as views from './views';

/** The portal with a fake server at both ends: HTTP and the push connection. */
export function setUpPortal(routes: Routes = [], providers: Provider[] = []): HttpTestingController {
  FakeSocket.opened = [];
  TestBed.configureTestingModule({
    providers: [
      provideRouter(routes, withComponentInputBinding()),
      provideHttpClient(withInterceptors([sessionInterceptor, csrfInterceptor, errorsInterceptor])),
      provideHttpClientTesting(),
      { provide: OPEN_SOCKET, useValue: openFakeSocket },
      { provide: LOAD_DESKTOP_CHUNKS, useValue: () => Promise.resolve() },
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      ...providers,
    ],
  });
  return TestBed.inject(HttpTestingController);
}

/** Answers the first `GET /api/session`. */
export async function signIn(http: HttpTestingController, view: LoginSessionView = views.session()): Promise<void> {
  const loading = TestBed.inject(SessionStore).load();
  http.expectOne('/api/session').flush(view);
  await loading;
}

/** Connects the push connection of an admitted person and sends its snapshot. */
export async function pushSnapshot(
  instances: InstanceView[] = [],
  quota: QuotaView = views.quota(),
): Promise<FakeSocket> {
  TestBed.inject(InstancesStore);
  TestBed.tick();
  await Promise.resolve();
  FakeSocket.last.send({ type: 'snapshot', seq: 1, instances, quota });
  TestBed.tick();
  return FakeSocket.last;
}

/** Refuses a request as the api does. */
export function refuse(
  request: TestRequest,
  status: number,
  code: string,
  message = `message of ${code}`,
  details?: Record<string, unknown>,
): void {
  request.flush({ code, message, details, requestId: 'r1' }, { status, statusText: code });
}

/** Lets promises, microtasks and the rendering that follows them finish. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  TestBed.tick();
}

/** The words of a page as a person reads them: the text of each element apart from the next. */
export function words(element: Element | null): string {
  if (element === null) return '';
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

/** Waits for what the CDK does in a timer, such as closing a dialog. */
export function timers(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}
