import type { ColumnInfo, SchemaRules } from '@adonisjs/lucid/types/schema_generator'

const luxon = { source: 'luxon', namedImports: ['DateTime'] }
const portable = (...namedImports: string[]) => ({ source: '#providers/portable/index', namedImports })

const instant = (tsType: string, args?: Record<string, boolean>): ColumnInfo => ({
  tsType,
  decorators: [{ name: '@instant', args }],
  imports: [luxon, portable('instant')],
})

export default {
  types: {
    DateTime: instant('DateTime'),
  },
  columns: {
    created_at: instant('DateTime', { autoCreate: true }),
    updated_at: instant('DateTime', { autoCreate: true, autoUpdate: true }),
  },
  tables: {
    users: { columns: { role: { tsType: `'member' | 'admin'`, decorators: [{ name: '@column' }] } } },
    posts: { columns: { visibility: { tsType: `'public' | 'followers'`, decorators: [{ name: '@column' }] } } },
    media: {
      columns: {
        variants: {
          tsType: 'StoredVariant[]',
          decorators: [{ name: '@json' }],
          imports: [portable('json'), { source: '#models/media', typeImports: ['StoredVariant'] }],
        },
      },
    },
  },
} satisfies SchemaRules
