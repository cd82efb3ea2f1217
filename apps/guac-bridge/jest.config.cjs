module.exports = { ...require('../../jest.preset.cjs'), displayName: 'guac-bridge', rootDir: __dirname };
