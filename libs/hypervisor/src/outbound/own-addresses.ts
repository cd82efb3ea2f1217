import { readFileSync } from 'node:fs';
import { ownRanges, Range } from './ranges';

/** How long what was read is taken to hold. */
const FRESH_MS = 1000;

/** This host's own addresses as they are now, read again when they were read a second ago. @throws Error they can't be read */
export function ownAddresses(): () => Range[] {
  let read: Range[] = [];
  let until = 0;
  return () => {
    if (Date.now() >= until) {
      read = ownRanges(readFileSync('/proc/net/fib_trie', 'utf8'));
      until = Date.now() + FRESH_MS;
    }
    return read;
  };
}
