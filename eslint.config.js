import { configApp } from '@adonisjs/eslint-config'
import tseslint from 'typescript-eslint'

/** What a folder may not import, as regular expressions, and why. Types may be imported from anywhere. */
const boundary = (files, ...rules) => ({
  files,
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: rules.map(([regex, message]) => ({ regex, message, allowTypeImports: true })) },
    ],
    'no-restricted-syntax': [
      'error',
      ...rules.map(([regex, message]) => ({ selector: `ImportExpression[source.value=/${regex}/]`, message })),
      ...OUR_ERRORS,
    ],
  },
})

const OUR_ERRORS = [
  {
    selector: "ThrowStatement > NewExpression[callee.name='Error']",
    message: 'Throw an E_… error that says what to do.',
  },
  { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'Say why the error may be dropped.' },
]

const TABLES = ['^(@adonisjs.lucid|#database)', 'A controller asks a model; the model knows the tables.']

export default [
  ...configApp(),
  {
    rules: {
      'prettier/prettier': 'off', // npm run check asks prettier itself
      '@unicorn/no-await-expression-member': 'off',
      '@typescript-eslint/no-shadow': 'off',
      '@typescript-eslint/naming-convention': 'off', // errors are named E_…
      'no-undef-init': 'off',
      '@unicorn/filename-case': ['error', { case: 'snakeCase' }],
    },
  },
  boundary(
    ['start/routes.ts'],
    ['^#(models|database|providers)', 'Routes name controllers and middleware; what a request does is theirs.']
  ),
  boundary(['app/controllers/**'], TABLES, [
    '^#providers.(?!media|openapi)',
    'A controller uses no plugin but the one that reads uploads, and describes itself.',
  ]),
  boundary(['app/controllers/files_controller.ts'], TABLES, [
    '^#providers.(?!storage|media|openapi)',
    'Serving and taking stored files is all that this controller does.',
  ]),
  boundary(['app/controllers/health_controller.ts'], TABLES, [
    '^#providers.(?!health|openapi)',
    'Telling how the servers are is all that this controller does.',
  ]),
  boundary(
    ['app/models/**'],
    [
      '^(#transformers|#policies|#controllers|#start|@adonisjs.core.http)',
      'A model knows neither HTTP nor the environment.',
    ]
  ),
  boundary(
    ['app/transformers/**', 'app/policies/**'],
    [
      '^(#models.(?!stored_file|scope)|#database|@adonisjs.lucid)',
      'Transformers and policies are given what they need: of models they know types.',
    ]
  ),
  boundary(['providers/**'], ['^#(?!providers)', 'A plugin could be published: it knows nothing of the product.']),
  boundary(
    ['app/middleware/**', 'app/exceptions/**', 'start/kernel.ts', 'start/env.ts'],
    ['^(@adonisjs.lucid.services|#database|#models.(?!session$))', 'No queries here.']
  ),
  boundary(['config/**'], ['^(@adonisjs.lucid.services|#database)', 'No queries here: models are only named.']),
]
