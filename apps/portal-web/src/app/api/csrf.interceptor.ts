import { HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, from, switchMap, throwError } from 'rxjs';
import { ApiError } from './api-error';
import { SessionStore } from './session.store';

/**
 * Puts `X-CSRF-Token` on what changes something. A refused token means that this tab missed a new sign-in in another
 * tab: the session is read again and the request sent once more, but only while the person is still the same.
 */
export const csrfInterceptor: HttpInterceptorFn = (request, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next(request);
  const session = inject(SessionStore);
  const person = session.user()?.id;
  return next(withToken(request, session.csrfToken())).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== 'CSRF') return throwError(() => error);
      return from(session.reload()).pipe(
        switchMap(() =>
          session.user()?.id === person ? next(withToken(request, session.csrfToken())) : throwError(() => error),
        ),
      );
    }),
  );
};

function withToken(request: HttpRequest<unknown>, token: string): HttpRequest<unknown> {
  return request.clone({ setHeaders: { 'X-CSRF-Token': token } });
}
