import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: the dependency rules of the house, as lint errors. */
const depConstraints = [
  { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:lib', onlyDependOnLibsWithTags: ['scope:contracts'] },
  { sourceTag: 'scope:api', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:lib'] },
  { sourceTag: 'scope:portal-web', onlyDependOnLibsWithTags: ['scope:contracts'] },
  { sourceTag: 'scope:guac-bridge', onlyDependOnLibsWithTags: ['scope:contracts'] },
  { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['scope:contracts'] },
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:lib', bannedExternalImports: ['@nestjs/*', '@angular/*'] },
  { sourceTag: 'scope:contracts', bannedExternalImports: ['@nestjs/*', '@angular/*'] },
  { sourceTag: 'scope:guac-bridge', bannedExternalImports: ['@nestjs/*', '@angular/*'] },
];

export default [
  { ignores: ['**/dist', '**/node_modules', '**/.nx', '**/.angular', '**/coverage', 'data', '**/*.cjs'] },
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  ...nx.configs['flat/javascript'],
  {
    files: ['**/*.ts', '**/*.mjs'],
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: true, allow: [], depConstraints }],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  { files: ['tools/**/*', 'images/**/*', 'e2e/**/*'], rules: { 'no-console': 'off' } },
];
