import { HttpErrorResponse, HttpInterceptorFn } from '@angular/common/http';
import { catchError, throwError } from 'rxjs';
import { ApiError } from './api-error';
import { toUserMessage } from './user-message';

/** Turns every failed request into an `ApiError`. */
export const errorsInterceptor: HttpInterceptorFn = (request, next) =>
  next(request).pipe(
    catchError((error: unknown) =>
      throwError(() =>
        error instanceof HttpErrorResponse
          ? new ApiError(error.status, toUserMessage(error.status, error.error))
          : error,
      ),
    ),
  );
