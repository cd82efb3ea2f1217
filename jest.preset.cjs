const path = require('node:path');

const root = __dirname;

/**
 * Shared jest settings of every Node project: TypeScript through swc, our libs by their source.
 * ESM-only packages (Nest 12, openid-client …) load through require(esm), which jest does only
 * with `--experimental-vm-modules`; the projects that need it set NODE_OPTIONS in project.json.
 */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'cjs', 'js', 'json'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
  moduleNameMapper: {
    '^@beamdesk/(catalogue|hypervisor)/testing$': path.join(root, 'libs/$1/src/testing/index.ts'),
    '^@beamdesk/(contracts|quota|catalogue|hypervisor)$': path.join(root, 'libs/$1/src/index.ts'),
  },
};
