import { GuestFilesError, type GuestFilesReason, HypervisorUnreachable } from '@beamdesk/hypervisor';
import { ApiError } from '../http/api-error';

const ANSWERS: Record<GuestFilesReason, [status: number, code: string]> = {
  'bad-name': [400, 'BAD_PATH'],
  'not-found': [404, 'FILE_NOT_FOUND'],
  'not-permitted': [403, 'FILE_NOT_PERMITTED'],
  exists: [409, 'FILE_EXISTS'],
  'not-a-file': [409, 'NOT_A_FILE'],
  'not-a-folder': [409, 'NOT_A_FOLDER'],
  'no-room': [507, 'NO_ROOM'],
  incomplete: [400, 'INCOMPLETE'],
  ended: [409, 'TRANSFER_ENDED'],
  unavailable: [503, 'FILES_UNAVAILABLE'],
};

/** What went wrong with files of a guest, as an answer; anything else as it came. */
export function fileError(error: unknown): unknown {
  if (error instanceof GuestFilesError) {
    const [status, code] = ANSWERS[error.reason];
    return new ApiError(status, code, error.message, undefined, `${error.reason}: ${error.detail}`);
  }
  if (error instanceof HypervisorUnreachable) return filesUnavailable(error.message, error.detail);
  return error;
}

export function filesUnavailable(message: string, log: string): ApiError {
  return new ApiError(503, 'FILES_UNAVAILABLE', message, undefined, log);
}
