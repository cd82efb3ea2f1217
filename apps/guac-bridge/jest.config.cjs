module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'guac-bridge',
  rootDir: __dirname,
  // Real sockets, a real guacd and a real QEMU, on a machine that may be busy with other things.
  testTimeout: 30_000,
};
