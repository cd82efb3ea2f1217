import { CatalogueUnavailable } from '@beamdesk/catalogue';
import { HypervisorUnreachable } from '@beamdesk/hypervisor';
import { HttpException } from '@nestjs/common';
import { ApiError, badRequest, notFound } from './api-error';

/** SQLSTATE classes and socket errors that mean "no database at the moment", never a fault of the request. */
const DATABASE_DOWN = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT)$/;
const DATABASE_CUT = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function isDatabaseDown(error: Error): boolean {
  const inner = (error as { driverError?: unknown }).driverError;
  return [error, inner].some(
    (e) => e instanceof Error && (DATABASE_DOWN.test((e as NodeJS.ErrnoException).code ?? '') || DATABASE_CUT.test(e.message)),
  );
}

/** Status as Nest, http-errors (body parser) and the router put it on what they throw; other libraries' `status` is not ours. */
function statusOf(error: Error): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof URIError) return 400;
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && expose === true ? status : null;
}

const BY_STATUS: Record<number, () => ApiError> = {
  400: () => badRequest([], 'The request could not be read.'),
  404: () => notFound(),
  413: () => new ApiError(413, 'TOO_LARGE', 'The request is larger than what is accepted here.'),
  415: () => new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request body as application/json in UTF-8.'),
};

/** Turns whatever was thrown into the answer it stands for; null = a fault of ours. */
export function knownError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (!(error instanceof Error)) return null;
  if (error instanceof CatalogueUnavailable && error.reason === 'sign-in') {
    return new ApiError(409, 'CATALOGUE_SIGN_IN_NEEDED', error.message, undefined, error.detail);
  }
  if (error instanceof CatalogueUnavailable) {
    return new ApiError(503, 'CATALOGUE_UNAVAILABLE', error.message, undefined, `${error.reason}: ${error.detail}`);
  }
  if (error instanceof HypervisorUnreachable) {
    return new ApiError(503, 'HOST_UNREACHABLE', error.message, undefined, error.detail);
  }
  if (isDatabaseDown(error)) {
    const message = 'The portal cannot reach its database at the moment. Try again in a minute.';
    return new ApiError(503, 'DATABASE_UNAVAILABLE', message, undefined, error.message);
  }
  const status = statusOf(error);
  return status === null ? null : (BY_STATUS[status]?.() ?? (status < 500 ? new ApiError(status, 'BAD_REQUEST', 'The request could not be served.') : null));
}
