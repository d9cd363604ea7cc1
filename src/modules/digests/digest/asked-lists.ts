import { sql, type Db } from '#platform/db.ts'
import { itemWords, wordsOf } from '#modules/publishing/index.ts'
import { calling } from '../lexicon/speech.ts'
import { askedOf } from '../lexicon/stated.ts'

/** A list that asks something of somebody, as an entry of an import has it. Whether it is that, a person says. */
export interface AskedList {
  itemId: string
  language: string
  /** The line above it. */
  intro: string
  /** Whom that names; empty where it names nobody. */
  who: string
  asks: string[]
}

/** The lists in the drafts of an import that follow a line such as "We are calling on the Assembly to:", in the words that the drafts have now. */
export async function askedLists(db: Db, importId: string): Promise<AskedList[]> {
  const { rows } = await sql<{ item_id: string, language: string, words: unknown }>`
    select imported.item_id, newest.language, newest.words from imported_items imported
    cross join lateral (select language, words from item_revisions where item_id = imported.item_id and language = imported.language order by created_at desc limit 1) newest
    where imported.import_id = ${importId} and newest.words::text ~ ':\\\\n\\\\n- ' order by imported.source_key limit 500`.execute(db)
  return rows.flatMap(({ item_id, language, words }) => {
    const its = itemWords.parse(words)
    return [its.body, ...its.paragraphs.map(({ text }) => text)].flatMap(listsIn).map((list) => ({ itemId: item_id, language, ...list }))
  })
}

function listsIn(text: string): Omit<AskedList, 'itemId' | 'language'>[] {
  const blocks = text.split('\n\n')
  const found: Omit<AskedList, 'itemId' | 'language'>[] = []
  for (const [place, block] of blocks.entries()) {
    if (block.startsWith('- ') || !blocks[place + 1]?.startsWith('- ')) continue
    const intro = wordsOf(block).trim()
    if (!intro.endsWith(':') || !calling.test(intro)) continue
    const end = blocks.findIndex((each, after) => after > place && !each.startsWith('- '))
    const asks = blocks.slice(place + 1, end < 0 ? undefined : end).flatMap((each) => each.split(/\n(?=- )/)).map((each) => wordsOf(withoutLinksAtEnd(each.slice(2))).trim().replace(listSign, '')).filter((each) => each !== '' && each.length <= 2000)
    found.push({ intro: intro.slice(0, 1000), who: whoIn(intro), asks })
  }
  return found
}

// What parts one line of a list from the next is no part of what it asks.
const listSign = /\s*[;,؛،](?:\s+(?:and|or|et|ou|y|o|و|ו))?$/u

/** A link that stood below a list was kept with its last line, and is no part of what that asks. */
function withoutLinksAtEnd(line: string): string {
  const said = line.replace(/(?:\s+\[[^[\]]{1,300}\]\([^()\s]{1,2000}\))+$/u, '')
  return said || line
}

function whoIn(intro: string): string {
  for (const pattern of askedOf) {
    const who = pattern.exec(intro)?.groups!.who
    if (who) return who.replace(/^(?:for|that)$/iu, '').trim()
  }
  return ''
}
