const preset = require('../../jest.preset.cjs');

const [pattern, [runner, options]] = Object.entries(preset.transform)[0];

module.exports = {
  ...preset,
  displayName: 'api',
  rootDir: __dirname,
  // As tsc builds it (useDefineForClassFields: false): the fields of an entity exist only once they have a value.
  transform: {
    [pattern]: [runner, { ...options, jsc: { ...options.jsc, transform: { ...options.jsc.transform, useDefineForClassFields: false } } }],
  },
  globalSetup: '<rootDir>/test/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.ts',
  testTimeout: 20_000,
};
