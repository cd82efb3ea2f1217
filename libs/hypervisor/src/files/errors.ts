/** Closed set, for metrics and for the code shown to the user. */
export type GuestFilesReason =
  | 'bad-name'
  | 'not-found'
  | 'not-permitted'
  | 'exists'
  | 'not-a-file'
  | 'not-a-folder'
  | 'no-room'
  | 'incomplete'
  | 'ended'
  | 'unavailable';

const MESSAGES: Record<GuestFilesReason, string> = {
  'bad-name': 'This name cannot be used from the browser. Rename it in the desktop.',
  'not-found': 'There is no such file or folder in the desktop (any more).',
  'not-permitted': 'The desktop does not permit that: its user has no right to it, or it cannot be changed.',
  exists: 'There is a file or folder of that name already.',
  'not-a-file': 'This is not a file, so it cannot be sent or replaced.',
  'not-a-folder': 'This is not a folder.',
  'no-room': 'There is not enough room left in that folder. Delete what you no longer need and try again.',
  incomplete: 'The file did not arrive whole, so nothing was kept of it. Try again.',
  ended: 'The transfer was ended.',
  unavailable: 'Files of this desktop cannot be reached at the moment.',
};

/** Three voices: `message` for the user, `reason` for metrics, `detail` for the log. */
export class GuestFilesError extends Error {
  constructor(
    readonly reason: GuestFilesReason,
    readonly detail: string,
    message = MESSAGES[reason],
  ) {
    super(message);
    this.name = 'GuestFilesError';
  }
}
