module.exports = {
  ...require('../jest.preset.cjs'),
  displayName: 'e2e',
  rootDir: __dirname,
  // `npm test` has two at once where the computer has room.
  maxWorkers: 1,
  testSequencer: '<rootDir>/sequence.cjs',
};
