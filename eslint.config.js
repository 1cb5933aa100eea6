import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const DETERMINISM = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask the clock for the time.' },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Ask the clock for the time.' },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'Ask for chance (platform/random).' },
  { selector: "CallExpression[callee.property.name='randomUUID']", message: 'Ask platform/ids.' },
]

export default tseslint.config(
  { ignores: ['build/**', 'node_modules/**', 'var/**', 'public/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Read the environment in server/platform/config.ts.' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: ['**/*.{mjs,cjs,js}'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', module: 'readonly', Buffer: 'readonly', fetch: 'readonly' } } },
  { files: ['server/platform/config.ts', 'scripts/**', 'bin/**', '**/*.test.{ts,tsx}', 'tests/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['server/{runtime,operations}/**/*.ts'], ignores: ['**/*.test.ts'], rules: { 'no-restricted-syntax': ['error', ...DETERMINISM] } },
  { files: ['**/*.test.{ts,tsx}', 'tests/**'], rules: { 'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }] } },
  { files: ['app/**/*.tsx'], plugins: { 'react-hooks': reactHooks }, rules: { ...reactHooks.configs.recommended.rules } },
)
