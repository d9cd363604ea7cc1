import { sql, type Tx } from '#platform/db.ts'

/** The addresses that a file of codes names, as far as it names any: few codes lie in several areas. */
export class Streets {
  readonly #codes: string[] = []
  readonly #areas: number[] = []
  readonly #streets: string[] = []
  readonly #pairs = new Set<string>()

  /** Takes an address of a code in one of the file's areas. Says whether it is the first one there: further ones say nothing new about the code itself. */
  add(code: string, area: number, street: string): boolean {
    this.#codes.push(code)
    this.#areas.push(area)
    this.#streets.push(street)
    const pair = `${code} ${area}`
    if (this.#pairs.has(pair)) return false
    this.#pairs.add(pair)
    return true
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
