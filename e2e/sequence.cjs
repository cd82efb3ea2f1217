const { basename } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Long journeys first, so that two rows of them end at about the same time; what mostly waits (for services that were killed, for
 * networks that are cut) beside what keeps the processor busy.
 */
const FIRST = [
  ...['protocols', 'reconnect', 'main-job', 'storms', 'resize', 'clone-storms', 'clones-apart', 'broken-templates'],
  ...['files', 'files-panel', 'clones', 'sound', 'images'],
];
/** A few seconds each, to fill what is left. */
const LAST = ['quota-request', 'kept-disk', 'tabs', 'access', 'cheating', 'secrets', 'bad-input'];

const rank = ({ path }) => {
  const name = basename(path).replace(/\.spec\.ts$/, '');
  const first = FIRST.indexOf(name);
  return first >= 0 ? first : LAST.includes(name) ? 200 + LAST.indexOf(name) : 100;
};

module.exports = class JourneySequencer extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
