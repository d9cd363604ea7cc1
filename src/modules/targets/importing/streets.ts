import { sql, type Tx } from '#platform/db.ts'
import type { CodeRow } from './code-row.ts'

/** The addresses that a file of codes names, as far as it names any: few codes lie in several areas. */
export class Streets {
  readonly #codes: string[] = []
  readonly #areas: number[] = []
  readonly #streets: string[] = []
  readonly #shares = new Map<string, number | null>()

  /**
   * Takes a row about a code in one of the file's areas, with an address or without. `first`: the code itself is still to be placed there. `further`: it
   * is, and this was another of its addresses. `other-share`: the row says of the same code and area that another part of it lies there.
   */
  add({ code, share, street }: CodeRow, area: number): 'first' | 'further' | 'other-share' {
    const pair = `${code} ${area}`
    const known = this.#shares.get(pair)
    if (street && known !== undefined && known !== share) return 'other-share'
    if (street) {
      this.#codes.push(code)
      this.#areas.push(area)
      this.#streets.push(street)
    }
    // The same code and area without an address is a row that stands there twice, which is found out like in any other file.
    if (known !== undefined) return street ? 'further' : 'first'
    this.#shares.set(pair, share)
    return 'first'
  }

  /** Puts them in the place of those that were known of the file's codes, or of all codes where the file has all. What was left out has none. */
  async merge(tx: Tx, schemeId: string, whole: boolean): Promise<void> {
    await sql`delete from lookup_streets where scheme_id = ${schemeId} and (${whole} or code in (select code from incoming))`.execute(tx)
    if (this.#codes.length === 0) return
    await sql`
      insert into lookup_streets (scheme_id, code, area_id, street)
      select distinct ${schemeId}, named.code, incoming_areas.id, named.street
      from unnest(${this.#codes}::text[], ${this.#areas}::int[], ${this.#streets}::text[]) as named (code, area, street) join incoming_areas using (area)
      where exists (select from lookup_codes where scheme_id = ${schemeId} and lookup_codes.code = named.code and area_id = incoming_areas.id and valid_until is null)`.execute(tx)
  }
}
