import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { nextId, nextNumber, Note, Owner } from './stage.js'

export type Client = TransactionClientContract | QueryClientContract

/** What a verb draws from. */
export interface Chance {
  pick<Item>(items: readonly Item[]): Item
  below(limit: number): number
  text(): string
}

type Write = (client: Client, chance: Chance) => Promise<unknown>

const fresh = ({ text, pick }: Chance) => ({
  id: nextId(),
  title: text(),
  done: pick([true, false, null]),
  big: pick(['9007199254740993', '-9223372036854775807', null]),
  seenAt: pick([DateTime.utc(), null]),
})

async function someNote(client: Client, { pick }: Chance): Promise<Note> {
  const notes = await Note.query({ client }).limit(20).orderBy('id')
  return notes.length > 0 ? pick(notes) : Note.create({ id: nextId() }, { client })
}

async function someOwner(client: Client, { pick }: Chance): Promise<Owner> {
  const owners = await Owner.query({ client }).limit(20).orderBy('id')
  return owners.length > 0 ? pick(owners) : newOwner(client)
}

const newOwner = (client: Client) => Owner.create({ name: `owner ${nextNumber()}` }, { client })

const withNote =
  (write: (note: Note, chance: Chance, client: Client) => Promise<unknown>): Write =>
  async (client, chance) =>
    write(await someNote(client, chance), chance, client)

const withOwner =
  (write: (owner: Owner, chance: Chance, client: Client) => Promise<unknown>): Write =>
  async (client, chance) =>
    write(await someOwner(client, chance), chance, client)

const isPostgres = (client: Client) => client.dialect.name === 'postgres'

/** Every way of Lucid to write, by its name, and those beside Lucid. */
export const VERBS: Record<string, Write> = {
  create: (client, chance) => Note.create(fresh(chance), { client }),
  createQuietly: (client, chance) => Note.createQuietly(fresh(chance), { client }),
  createMany: (client, chance) => Note.createMany([fresh(chance), fresh(chance)], { client }),
  createManyQuietly: (client, chance) => Note.createManyQuietly([fresh(chance)], { client }),
  save: withNote((note, { text }) => note.merge({ title: text() }).save()),
  saveQuietly: withNote((note) => note.merge({ done: true }).saveQuietly()),
  delete: withNote((note) => note.delete()),
  deleteQuietly: withNote((note) => note.deleteQuietly()),
  firstOrCreate: (client, chance) => Note.firstOrCreate({ title: chance.text() }, fresh(chance), { client }),
  updateOrCreate: withNote(({ id }, { text }, client) => Note.updateOrCreate({ id }, { title: text() }, { client })),
  fetchOrCreateMany: (client, chance) => Note.fetchOrCreateMany('id', [fresh(chance)], { client }),
  updateOrCreateMany: (client, chance) => Note.updateOrCreateMany('id', [fresh(chance), fresh(chance)], { client }),
  'query.update': (client, { text }) => Note.query({ client }).where('title', text()).update({ title: text() }),
  'query.increment': (client) => Note.query({ client }).increment('hits', 1),
  'query.increment of what is watched': (client) => Note.query({ client }).increment('big', 1),
  'query.decrement': (client) => Note.query({ client }).decrement('hits', 1),
  'query.delete': withNote(({ id }, _, client) => Note.query({ client }).where('id', '<=', id).delete()),
  'soft delete': withNote((note) => note.merge({ deletedAt: DateTime.utc() }).save()),
  'soft delete of many': (client, { text }) =>
    Note.query({ client }).where('title', text()).update({ deleted_at: DateTime.utc().toISO() }),
  restore: (client) => Note.query({ client }).whereNotNull('deleted_at').update({ deleted_at: null }),
  'related.create': withOwner((owner, chance) => owner.related('notes').create(fresh(chance))),
  'related.createMany': withOwner((owner, chance) => owner.related('notes').createMany([fresh(chance)])),
  'related.firstOrCreate': withOwner((owner, chance) =>
    owner.related('notes').firstOrCreate({ title: chance.text() }, fresh(chance))
  ),
  'related.updateOrCreate': withOwner((owner, chance) =>
    owner.related('notes').updateOrCreate({ title: chance.text() }, { id: nextId() })
  ),
  'related.save': withOwner(async (owner, chance, client) =>
    owner.related('notes').save(await someNote(client, chance))
  ),
  'related.saveMany': withOwner(async (owner, chance, client) =>
    owner.related('notes').saveMany([await someNote(client, chance)])
  ),
  'related.query.update': withOwner((owner, { text }) => owner.related('notes').query().update({ title: text() })),
  'related.query.delete': withOwner((owner) => owner.related('notes').query().delete()),
  associate: withNote(async (note, chance, client) => note.related('owner').associate(await someOwner(client, chance))),
  dissociate: withNote((note) => note.related('owner').dissociate()),
  attach: withNote(async (note, _, client) => note.related('readers').attach([(await newOwner(client)).id])),
  detach: withNote(async (note, chance, client) =>
    note.related('readers').detach([(await someOwner(client, chance)).id])
  ),
  sync: withNote(async (note, chance, client) => note.related('readers').sync([(await someOwner(client, chance)).id])),
  insert: (client, { text }) => client.table('notes').insert({ id: nextId(), title: text() }),
  multiInsert: (client, { text }) =>
    client.table('notes').multiInsert([1, 2].map(() => ({ id: nextId(), title: text(), big: '12345678901234' }))),
  'onConflict.merge': withNote(({ id }, { text }, client) =>
    client.table('notes').insert({ id, title: text() }).onConflict('id').merge()
  ),
  cascade: withOwner((owner) => owner.delete()),
  'new key': withNote(({ id }, _, client) => client.from('notes').where('id', id).update({ id: nextId() })),
  raw: (client, { text }) => client.rawQuery(`update notes set title = '${text()}' where done = true`),
  'truncate of a pivot': async (client, { below }) =>
    below(3) === 0 && client.rawQuery(isPostgres(client) ? 'truncate note_readers' : 'delete from note_readers'),
  truncate: async (client, { below }) => {
    if (below(5) > 0) return
    if (!isPostgres(client)) return client.rawQuery('delete from notes')
    // It refuses to, while a deferred constraint is to be checked.
    for (const sql of ['set constraints all immediate', 'truncate notes cascade', 'set constraints all deferred']) {
      await client.rawQuery(sql)
    }
  },
  'insert and delete': async (client, chance) => (await Note.create(fresh(chance), { client })).delete(),
}

/**
 * What the prototypes had when the verbs above were written; the last line only sounds like writing. A new one belongs here
 * and among the verbs.
 */
export const LUCID_WRITES = [
  ...['create', 'createQuietly', 'createMany', 'createManyQuietly', 'firstOrCreate', 'updateOrCreate'],
  ...['fetchOrCreateMany', 'updateOrCreateMany', 'truncate', 'save', 'saveQuietly', 'delete', 'deleteQuietly'],
  ...['increment', 'decrement', 'update', 'insert', 'multiInsert', 'saveMany', 'associate', 'attach', 'detach', 'sync'],
  // These are the soft deletion's, where it is loaded, and have tests there.
  ...['forceDelete', 'restore'],
  ...['ensureIsntDeleted', 'initiateAutoCreateColumns', 'initiateAutoUpdateColumns', 'merge', 'enableForceUpdate'],
  'lockForUpdate',
]
