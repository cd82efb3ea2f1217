module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'catalogue',
  rootDir: __dirname,
  // Servers that hang are waited for, on machines that are busy.
  testTimeout: 20_000,
};
