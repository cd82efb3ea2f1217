import type { ErrorBody } from '@beamdesk/contracts';

/**
 * An answer other than 2xx, in three voices: `message` for the user (what happened, why, what to do), `code` for
 * programs (stable), `log` for the log alone.
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: Record<string, unknown>,
    readonly log?: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  body(requestId: string): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.details ? { details: this.details } : {}),
      requestId,
    };
  }
}

/** What is unknown and what may not be seen are never told apart. */
export function notFound(message = 'There is nothing here, or nothing that you may see.', log?: string): ApiError {
  return new ApiError(404, 'NOT_FOUND', message, undefined, log);
}

export interface InputIssue {
  /** Where in the input, e.g. "plan" or "items.0.id"; '' = the whole of it. */
  path: string;
  message: string;
}

export function badRequest(issues: InputIssue[], message = 'The request is not valid.'): ApiError {
  return new ApiError(400, 'BAD_REQUEST', message, { issues });
}
