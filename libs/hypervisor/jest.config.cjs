module.exports = { ...require('../../jest.preset.cjs'), displayName: 'hypervisor', rootDir: __dirname };
