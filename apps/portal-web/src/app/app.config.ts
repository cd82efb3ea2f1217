import { provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import { ApplicationConfig, provideBrowserGlobalErrorListeners, provideZonelessChangeDetection } from '@angular/core';
import { TitleStrategy, provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { clockInterceptor } from './api/clock.interceptor';
import { csrfInterceptor } from './api/csrf.interceptor';
import { errorsInterceptor } from './api/errors.interceptor';
import { sessionInterceptor } from './api/session.interceptor';
import { routes } from './app.routes';
import { PageTitle } from './shell/page-title';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding(), withInMemoryScrolling({ scrollPositionRestoration: 'enabled' })),
    // From the outermost to the one next to the wire.
    provideHttpClient(
      withFetch(),
      withInterceptors([clockInterceptor, sessionInterceptor, csrfInterceptor, errorsInterceptor]),
    ),
    { provide: TitleStrategy, useClass: PageTitle },
  ],
};
