import angular from 'angular-eslint';
import root from '../../eslint.config.mjs';

const templateLanguage = [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility];
const angularLanguage = angular.configs.tsRecommended;

export default [
  ...root,
  // This file extends the root's, which belongs to no project.
  { files: ['**/eslint.config.mjs'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  ...angularLanguage.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'bd', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'bd', style: 'camelCase' }],
      '@angular-eslint/prefer-on-push-component-change-detection': 'error',
      '@angular-eslint/prefer-signals': 'error',
      '@angular-eslint/prefer-standalone': 'error',
      // The contracts are zod schemas: a value import would put the schema library into the bundle.
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'zod', message: 'No schema library in the bundle.' }],
          patterns: [
            {
              group: ['@beamdesk/contracts', '@beamdesk/contracts/*'],
              allowTypeImports: true,
              message: 'Use `import type`: the schema library must not enter the bundle.',
            },
          ],
        },
      ],
    },
  },
  ...templateLanguage.map((config) => ({ ...config, files: ['**/*.html'] })),
  {
    files: ['**/*.html'],
    rules: {
      '@angular-eslint/template/prefer-control-flow': 'error',
      '@angular-eslint/template/button-has-type': 'error',
      '@angular-eslint/template/no-inline-styles': 'off',
    },
  },
];
