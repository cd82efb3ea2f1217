import type { FilePlace } from '@beamdesk/contracts';
import { ApiError } from '../http/api-error';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { HOME_IN_GUEST } from '../site/site-data';

/** Of a desktop that has no home folder mounted: on its disk, and gone with it. */
const HOME_ON_DISK = '/home/user';

/** Where people may go in a desktop; the guest decides what they may do there. */
const PLACES = [
  { path: '/scratch', name: 'Scratch' },
  { path: '/data', name: 'Data' },
  { path: HOME_ON_DISK, name: 'Home' },
] as const;

const LONGEST_PATH = 4096;
/** Linux's longest name, bytes. */
const LONGEST_NAME = 255;

/**
 * An absolute path at or below a place, as the guest will get it. It is only looked at, never resolved: names belong to the guest.
 * @throws ApiError 400 BAD_PATH
 */
export function guestPath(given: unknown): string {
  if (typeof given !== 'string') throw badPath('Say which file or folder is meant.');
  if (given.includes('\ufffd')) {
    throw badPath('This name is not readable text, so it cannot be used from the browser. Rename it in the desktop.');
  }
  if (!isWellFormed(given)) throw badPath('There can be no such file: this path or name is not allowed.');
  if (!PLACES.some(({ path }) => given === path || given.startsWith(`${path}/`))) {
    throw badPath('Only Scratch, Data and Home can be reached from here.');
  }
  return given;
}

/**
 * Whether files may be sent to a place: what is mounted there says it; the guest's own disk is its user's. Home is the person's own folder
 * where the desktop has it.
 */
export function placesOf({ dataAccess: { mounts } }: InstanceEntity): FilePlace[] {
  const hasHome = mounts.some(({ guestPath: at }) => at === HOME_IN_GUEST);
  return PLACES.map(({ path: usual, name }) => {
    const path = name === 'Home' && hasHome ? HOME_IN_GUEST : usual;
    const here = mounts.filter(({ guestPath: at }) => at === path || at.startsWith(`${path}/`));
    return { path, name, writable: here.length > 0 ? here.some(({ readOnly }) => !readOnly) : name !== 'Data' };
  });
}

function isWellFormed(path: string): boolean {
  if (!path.isWellFormed() || path.includes('\0') || !path.startsWith('/')) return false;
  if (Buffer.byteLength(path) > LONGEST_PATH) return false;
  const [, ...names] = path.split('/');
  return names.every((name) => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= LONGEST_NAME);
}

const badPath = (message: string) => new ApiError(400, 'BAD_PATH', message);
