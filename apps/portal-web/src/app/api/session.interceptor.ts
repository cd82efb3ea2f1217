import { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { tap } from 'rxjs';
import { ApiError } from './api-error';
import { SessionEnd } from './session-end';

const ENDINGS = ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'] as const;

/** Notices that the right to be here has ended, whichever request says so, and shows the page that helps. */
export const sessionInterceptor: HttpInterceptorFn = (request, next) => {
  const end = inject(SessionEnd);
  return next(request).pipe(
    tap({
      error: (error: unknown) => {
        const code = error instanceof ApiError ? ENDINGS.find((ending) => ending === error.code) : undefined;
        if (code) void end.handle(code);
      },
    }),
  );
};
