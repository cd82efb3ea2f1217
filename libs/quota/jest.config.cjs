module.exports = { ...require('../../jest.preset.cjs'), displayName: 'quota', rootDir: __dirname };
