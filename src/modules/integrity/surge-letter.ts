import { sql, type Db } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import type { Log } from '#platform/log.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import type { SurgeKind } from './surges.ts'
import { integrityWords } from './words/index.ts'

export interface TellingTools {
  db: Db
  opener: Opener
  post: Post
  publisher: Publisher
  /** Where the desk is reached. */
  deskOrigin: string
  log: Log
}

interface Unmailed {
  id: string
  kind: SurgeKind
  recent: number
  usual: number
  action_id: string
  slug: string
}

/** A surge is news for a day. */
const newsForHours = 24

/**
 * Tells those among the staff who asked for it of surges that nobody has been told of, at least once each: a mail that could not be
 * handed in comes again with the next turn, for all of its readers and under the same id. Returns how many mails went out.
 */
export async function tellOfSurges({ db, opener, post, publisher, deskOrigin, log }: TellingTools, now: Date): Promise<number> {
  const { rows } = await sql<Unmailed>`
    select surges.id, surges.kind, recent, usual, action_id, slug from surges join actions on actions.id = surges.action_id
    where mailed_at is null and noticed_at > ${new Date(now.getTime() - newsForHours * 3_600_000)} order by noticed_at limit 20`.execute(db)
  if (rows.length === 0) return 0
  const readers = await sql<{ id: string, language: string }>`
    select staff.id, staff.language from surge_readers join staff on staff.id = staff_id where staff.left_at is null`.execute(db)
  let sent = 0
  for (const surge of rows) {
    let later = false
    for (const reader of readers.rows) {
      const to = await staffContact(db, opener, reader.id)
      if (!to) continue
      const delivery = await post.deliver(surgeLetter(surge, { ...reader, to }, { post, publisher, deskOrigin }, now))
      if (delivery.outcome === 'accepted') sent += 1
      else if (delivery.outcome !== 'refused' || !delivery.permanent) later = true
    }
    if (later) log.warn('staff could not be told of a surge yet', { action: surge.action_id })
    else await sql`update surges set mailed_at = ${now} where id = ${surge.id}`.execute(db)
  }
  return sent
}

/** A surge in the words of a language. */
export function surgeInWords(language: string, { kind, slug, recent, usual }: Pick<Unmailed, 'kind' | 'slug' | 'recent' | 'usual'>): string {
  return integrityWords(language)(`surge.${kind}`, { slug, recent, usual })
}

function surgeLetter(surge: Unmailed, reader: { id: string, language: string, to: { name: string, email: string } }, { post, publisher, deskOrigin }: { post: Post, publisher: Publisher, deskOrigin: string }, now: Date): Letter {
  const t = integrityWords(reader.language)
  const { name } = publisherTexts(publisher, t.language)
  const subject = t('surge.subject', { slug: surge.slug })
  const href = `${deskOrigin}/surges`
  const paragraphs = [surgeInWords(reader.language, surge), t('surge.what-now')]
  return {
    from: { name, address: post.from }, to: { name: reader.to.name, address: reader.to.email }, replyTo: { name, address: post.replyTo },
    returnPath: `bounce+${surge.id}@${post.domain}`, messageId: `${surge.id}.${reader.id}@${post.domain}`, subject, language: t.language, date: now,
    text: `${[...paragraphs, href, t('surge.why-you')].join('\n\n')}\n`,
    html: html`<!doctype html><html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><title>${subject}</title></head><body dir="${t.direction}">${paragraphs.map((each) => html`<p>${each}</p>`)}<p><a href="${href}">${href}</a></p><p>${t('surge.why-you')}</p></body></html>`.text,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}
