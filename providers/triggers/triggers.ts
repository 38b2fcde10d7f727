import { createHash } from 'node:crypto'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'

export type Client = QueryClientContract | TransactionClientContract

/** A trigger as both databases have it. */
export interface Trigger {
  table: string
  /** Unique in the schema; begins with the prefix of who keeps it. */
  name: string
  /** When it fires, with the quoted table: `after insert on "posts" for each row when (…)`. */
  when: string
  /** What it does, in statements that end with a semicolon. On PostgreSQL it becomes a function of the trigger's name. */
  body: string
}

interface Existing {
  table: string
  name: string
  /** Whether the database's own word for it is the one that `install` left, and it is on. */
  state: 'as declared' | 'other' | 'disabled'
}

/**
 * The triggers of one plugin, told from others by the prefix of their names. All of it is safe to repeat.
 */
export class Triggers {
  #dialect: Dialect

  /**
   * @param client of the database; a transaction, where all or nothing is wanted.
   * @param prefix of the names, such as `changes_`.
   */
  constructor(client: Client, prefix: string) {
    this.#dialect = client.dialect.name === 'postgres' ? new Postgres(client, prefix) : new Sqlite(client, prefix)
  }

  /**
   * Makes those of the prefix be these: missing ones are made, older ones replaced, those that nobody declares any more removed.
   *
   * @returns the tables whose triggers changed, each once.
   */
  async install(triggers: Trigger[]): Promise<string[]> {
    const existing = await this.#dialect.existing(triggers)
    const right = new Set(existing.filter(({ state }) => state === 'as declared').map(({ name }) => name))
    const wrong = existing.filter(({ name }) => !right.has(name))
    const missing = triggers.filter(({ name }) => !right.has(name))
    for (const each of wrong) await this.#dialect.drop(each)
    for (const each of missing) await this.#dialect.create(each)
    return [...new Set([...wrong, ...missing].map(({ table }) => table))]
  }

  /** Takes all of the prefix away. */
  async uninstall(): Promise<void> {
    for (const each of await this.#dialect.existing([])) await this.#dialect.drop(each)
  }

  /** What is not as declared, a sentence each; empty when all is well. */
  async problems(triggers: Trigger[]): Promise<string[]> {
    const existing = new Map((await this.#dialect.existing(triggers)).map((each) => [each.name, each]))
    const missing = triggers.filter(({ name }) => !existing.has(name))
    const wrong = [...existing.values()].filter(({ state }) => state !== 'as declared')
    const declared = new Set(triggers.map(({ name }) => name))
    return [
      ...missing.map(({ table, name }) => `"${table}" lacks the trigger ${name}`),
      ...wrong.map(({ table, name, state }) => {
        if (state === 'disabled') return `"${table}" has the trigger ${name} disabled`
        return `"${table}" has ${declared.has(name) ? 'an older or another' : 'the undeclared'} trigger ${name}`
      }),
    ]
  }
}

interface Dialect {
  existing(declared: Trigger[]): Promise<Existing[]>
  create(trigger: Trigger): Promise<void>
  drop(trigger: Pick<Trigger, 'table' | 'name'>): Promise<void>
}

class Sqlite implements Dialect {
  constructor(
    private client: Client,
    private prefix: string
  ) {}

  async existing(declared: Trigger[]): Promise<Existing[]> {
    const expected = new Map(declared.map((each) => [each.name, this.#sql(each)]))
    const rows: { name: string; tbl_name: string; sql: string }[] = (await this.client.rawQuery(
      `select name, tbl_name, sql from sqlite_master where type = 'trigger' and substr(name, 1, ${this.prefix.length}) = ${literal(this.prefix)} order by name`
    )) as any
    return rows.map(({ name, tbl_name: table, sql }) => {
      return { table, name, state: expected.get(name) === sql ? 'as declared' : 'other' }
    })
  }

  async create(trigger: Trigger) {
    await this.client.rawQuery(this.#sql(trigger))
  }

  async drop({ name }: Pick<Trigger, 'name'>) {
    await this.client.rawQuery(`drop trigger ${quote(name)}`)
  }

  #sql({ name, when, body }: Trigger) {
    return `CREATE TRIGGER ${quote(name)} ${when} begin ${body} end`
  }
}

/** The comment of a trigger keeps what was declared and what the database made of it: both must still be so. */
class Postgres implements Dialect {
  constructor(
    private client: Client,
    private prefix: string
  ) {}

  async existing(declared: Trigger[]): Promise<Existing[]> {
    const expected = new Map(declared.map((each) => [each.name, digest(each)]))
    const rows = await this.#rows(`starts_with(t.tgname, ${literal(this.prefix)})`)
    return rows.map(({ table, name, enabled, comment, actual }) => {
      const isAsDeclared = comment === `${expected.get(name)}:${actual}`
      return {
        table,
        name,
        state: enabled !== 'O' && enabled !== 'A' ? 'disabled' : isAsDeclared ? 'as declared' : 'other',
      }
    })
  }

  async create(trigger: Trigger) {
    const { table, name, when, body } = trigger
    const text = `begin\n${body}\nreturn null;\nend`
    const { rows } = await this.client.rawQuery('select current_schema() as schema')
    // A writer may look for tables elsewhere, or nowhere.
    await this.client.rawQuery(
      `create or replace function ${quote(name)}() returns trigger language plpgsql
       set search_path = ${quote(rows[0].schema)}, pg_temp as ${literal(text)}`
    )
    await this.client.rawQuery(`create trigger ${quote(name)} ${when} execute function ${quote(name)}()`)
    const [{ actual }] = await this.#rows(`t.tgname = ${literal(name)}`)
    const comment = literal(`${digest(trigger)}:${actual}`)
    await this.client.rawQuery(`comment on trigger ${quote(name)} on ${quote(table)} is ${comment}`)
  }

  async drop({ table, name }: Pick<Trigger, 'table' | 'name'>) {
    await this.client.rawQuery(`drop trigger ${quote(name)} on ${quote(table)}`)
    await this.client.rawQuery(`drop function if exists ${quote(name)}()`)
  }

  async #rows(condition: string): Promise<Record<string, string>[]> {
    const { rows } = await this.client.rawQuery(
      `select c.relname as table, t.tgname as name, t.tgenabled as enabled, obj_description(t.oid, 'pg_trigger') as comment,
              md5(pg_get_triggerdef(t.oid) || p.prosrc) as actual
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
       where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal and ${condition} order by t.tgname`
    )
    return rows
  }
}

/** The columns of a table with their types, in the words of the database and in lower case; empty when there is no such table. */
export async function columnsOf(client: Client, table: string): Promise<Map<string, string>> {
  const rows: { name: string; type: string }[] =
    client.dialect.name === 'postgres'
      ? (
          await client.rawQuery(
            `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
             where attrelid = to_regclass(quote_ident(current_schema()) || '.' || quote_ident(${literal(table)}))
               and attnum > 0 and not attisdropped`
          )
        ).rows
      : await client.rawQuery(`select name, type from pragma_table_info(${literal(table)})`)
  return new Map(rows.map(({ name, type }) => [name, type.toLowerCase()]))
}

/** A name as SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function digest({ when, body }: Trigger): string {
  return createHash('sha256').update(`${when}\n${body}`).digest('hex').slice(0, 32)
}
