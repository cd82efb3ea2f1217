import { UserMessage, toUserMessage } from './user-message';

/** What every client of `api/` throws: already in words for the user, with the stable code to branch on. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly user: UserMessage,
  ) {
    super(`${user.code}: ${user.text}`);
  }

  get code(): string {
    return this.user.code;
  }
}

/** The words for anything thrown; what is no `ApiError` is a fault of the portal itself. */
export function messageOf(error: unknown): UserMessage {
  return error instanceof ApiError ? error.user : toUserMessage(-1, null);
}
