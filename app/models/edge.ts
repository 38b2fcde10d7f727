import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import type { BaseModel } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { LucidModel } from '@adonisjs/lucid/types/model'

/** An end of an edge. */
export interface Account {
  id: string
}

/** A mixin for rows from one account to another, of which there is one at most. */
export function edge(from: string, to: string) {
  return <Model extends NormalizeConstructor<typeof BaseModel>>(superclass: Model) => {
    class Edge extends superclass {
      static between<Self extends LucidModel>(
        this: Self,
        one: Account,
        other: Account,
        client?: TransactionClientContract
      ) {
        return this.query({ client }).where(from, one.id).where(to, other.id)
      }

      static async joins(one: Account, other: Account, client?: TransactionClientContract): Promise<boolean> {
        return (await this.between(one, other, client).first()) !== null
      }

      /** To be called under the locks of both. */
      static async join(one: Account, other: Account, client: TransactionClientContract): Promise<void> {
        if (await this.joins(one, other, client)) return
        const row = Object.assign(new this(), { [from]: one.id, [to]: other.id })
        await row.useTransaction(client).save()
      }
    }
    return Edge
  }
}
