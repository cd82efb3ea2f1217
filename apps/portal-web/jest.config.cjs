const { createCjsPreset } = require('jest-preset-angular/presets');
const shared = require('../../jest.preset.cjs');

module.exports = {
  ...createCjsPreset({ tsconfig: '<rootDir>/tsconfig.spec.json' }),
  displayName: 'portal-web',
  testMatch: shared.testMatch,
  setupFilesAfterEnv: ['<rootDir>/src/test-setup.ts'],
  moduleNameMapper: shared.moduleNameMapper,
};
