import { HttpInterceptorFn, HttpResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import { tap } from 'rxjs';
import { Clock } from './clock';

/** Takes the server's time from the `Date` header of every answer, so that countdowns are right on a wrong laptop. */
export const clockInterceptor: HttpInterceptorFn = (request, next) => {
  const clock = inject(Clock);
  return next(request).pipe(
    tap((event) => {
      if (event instanceof HttpResponse) clock.sync(event.headers.get('Date'));
    }),
  );
};
