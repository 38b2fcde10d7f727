import { configApp } from '@adonisjs/eslint-config'
import tseslint from 'typescript-eslint'

/**
 * What a folder may not do, and why: imports as regular expressions with their reason, other syntax as selectors. Types may be
 * imported from anywhere.
 */
const boundary = (files, ...rules) => {
  const imports = rules.filter(Array.isArray)
  const syntax = rules.filter((rule) => !Array.isArray(rule))
  return {
    files,
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: imports.map(([regex, message]) => ({ regex, message, allowTypeImports: true })) },
      ],
      'no-restricted-syntax': [
        'error',
        ...imports.map(([regex, message]) => ({ selector: `ImportExpression[source.value=/${regex}/]`, message })),
        ...syntax,
        ...OUR_ERRORS,
      ],
    },
  }
}

const OUR_ERRORS = [
  {
    selector: "ThrowStatement > NewExpression[callee.name='Error']",
    message: 'Throw an E_… error that says what to do.',
  },
  { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'Say why the error may be dropped.' },
]

const SEEN =
  'Find through what the viewer may see: Post.findVisible(id, viewer), User.findVisible(name, viewer), findOwn(id, owner).'

/** Lucid's ways to a row, whoever asks. Finders that take a viewer or an owner have other names, or two arguments. */
const WHOEVER_ASKS = [
  ['query', 'all', 'first', 'firstOrFail', 'findOrFail', 'findBy', 'findByOrFail', 'findMany', 'findManyBy'],
  ['findByUsername', 'withTrashed', 'onlyTrashed'],
].flat()

const AROUND_THE_SCOPE = [
  {
    selector: `CallExpression[callee.object.name=/^(?!Promise$)[A-Z]/][callee.property.name=/^(${WHOEVER_ASKS.join('|')})$/]`,
    message: SEEN,
  },
  {
    selector: "CallExpression[callee.object.name=/^[A-Z]/][callee.property.name='find'][arguments.length<2]",
    message: SEEN,
  },
  {
    selector: 'CallExpression[callee.property.name=/^(related|load|loadOnce|loadCount|loadAggregate|preload)$/]',
    message: 'Who sees a row may not see all that belongs to it: ask the model for that, with the viewer.',
  },
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
  boundary(['app/controllers/**'], TABLES, ...AROUND_THE_SCOPE, [
    '^#providers.(?!media|openapi)',
    'A controller uses no plugin but the one that reads uploads, and describes itself.',
  ]),
  boundary(['app/controllers/files_controller.ts'], TABLES, ...AROUND_THE_SCOPE, [
    '^#providers.(?!storage|media|openapi)',
    'Serving and taking stored files is all that this controller does.',
  ]),
  boundary(['app/controllers/health_controller.ts'], TABLES, ...AROUND_THE_SCOPE, [
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
  boundary(['app/transformers/**', 'app/policies/**'], ...AROUND_THE_SCOPE, [
    '^(#models.(?!stored_file|scope)|#database|@adonisjs.lucid)',
    'Transformers and policies are given what they need: of models they know types.',
  ]),
  boundary(['providers/**'], ['^#(?!providers)', 'A plugin could be published: it knows nothing of the product.']),
  boundary(
    ['app/middleware/**', 'app/exceptions/**', 'start/kernel.ts', 'start/env.ts'],
    ['^(@adonisjs.lucid.services|#database|#models.(?!session$))', 'No queries here.']
  ),
  boundary(['config/**'], ['^(@adonisjs.lucid.services|#database)', 'No queries here: models are only named.']),
]
