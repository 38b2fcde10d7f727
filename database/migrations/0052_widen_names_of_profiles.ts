import { BaseSchema } from '@adonisjs/lucid/schema'

/** What people count as one character may be many: the validator bounds both. SQLite keeps a text of any length. */
export default class extends BaseSchema {
  async up() {
    if (this.db.dialect.name !== 'postgres') return
    this.schema.raw('alter table profiles alter column name type text, alter column pronouns type text')
  }

  async down() {
    if (this.db.dialect.name !== 'postgres') return
    const cut = (column: string, width: number) =>
      `alter column ${column} type varchar(${width}) using left(${column}, ${width})`
    this.schema.raw(`alter table profiles ${cut('name', 200)}, ${cut('pronouns', 100)}`)
  }
}
