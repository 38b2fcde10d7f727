import { BaseSchema } from '@adonisjs/lucid/schema'
import { foldedSkeleton } from '#models/folded'
import { dropColumns } from '#providers/portable/index'
import { dropUniqueAmongLiving, uniqueAmongLiving } from '#providers/soft_delete/index'

const BATCH = 1000
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

export default class extends BaseSchema {
  protected tableName = 'users'

  async up() {
    this.schema.alterTable(this.tableName, (table) => table.string('username_skeleton', 120).nullable())
    this.schema.raw('update users set username_skeleton = username_key')
    this.defer(async (db) => {
      const page = (after: string) =>
        db.from('users').select('id', 'username', 'username_key').where('id', '>', after).orderBy('id').limit(BATCH)
      for (let users = await page(BEFORE_ALL); users.length > 0; users = await page(users.at(-1).id)) {
        for (const { id, username, username_key: key } of users) {
          const skeleton = foldedSkeleton(username)
          if (skeleton !== key) await db.from('users').where('id', id).update({ username_skeleton: skeleton })
        }
      }
    })
    // Those who live under names that look alike keep them. The oldest one's is guarded, the others have none until they rename.
    this.schema.raw(`
      update users set username_skeleton = null where id in (
        select id from (
          select id, row_number() over (partition by username_skeleton order by id) as place
          from users where deleted_at is null) as placed
        where place > 1)`)
    uniqueAmongLiving(this.schema, this.tableName, ['username_skeleton'])
  }

  async down() {
    dropUniqueAmongLiving(this.schema, this.tableName, ['username_skeleton'])
    dropColumns(this.schema, this.tableName, ['username_skeleton'])
  }
}
