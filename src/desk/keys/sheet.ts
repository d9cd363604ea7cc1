import { html, type Html } from '#platform/html/html.ts'
import type { Db, Tx } from '#platform/db.ts'
import { qrSvg } from '#platform/qr.ts'
import type { IndexKey } from '#platform/sealing/index.ts'
import { publisherTexts, readPublisher } from '#modules/publisher/index.ts'
import { indexKeysPlace, recoveryLines } from '#modules/privacy/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'

/** The sheet with which everything can be opened again: to be printed and locked away. */
export async function recoverySheet(desk: Desk, tx: Tx, { t, now, query }: Visit): Promise<DeskPage> {
  const { contact, record, recordOutside } = desk.secrets
  const lines = recoveryLines({ contact, record, recordOutside, indexKeys: await indexKeysOf(desk, tx) })
  const publisher = await readPublisher(tx)
  const setUp = query('setup') === '1'
  return {
    title: t('sheet.title', { name: publisherTexts(publisher, t.language).name }), section: 'settings',
    body: html`<div class="sheet card"><p>${t('sheet.how')}</p>${recordOutside && html`<p><strong>${t('sheet.outside')}</strong></p>`}<p>${t('sheet.made', { moment: t.moment(now, publisher.zone) })}</p><pre dir="ltr">${lines.join('\n')}</pre><div class="qr">${qrSvg(lines.join('\n'), t('sheet.qr'))}</div><p>${t('sheet.use')}</p><pre dir="ltr">npx clarion restore BACKUP --keys SHEET.txt</pre></div>
<div class="row noprint"><button type="button" hidden data-print>${t('print')}</button>${setUp ? finish(t('sheet.away')) : html`<a class="btn plain" href="/settings">${t('sheet.away')}</a>`}</div><p class="soft noprint">${t('sheet.print')}</p>`,
  }
}

/** The index keys, as the worker leaves them for this. */
export async function indexKeysOf(desk: Desk, db: Db): Promise<IndexKey[]> {
  const row = await db.selectFrom('recovery_keys').select('index_keys').executeTakeFirst()
  return row ? desk.opener.open<IndexKey[]>(indexKeysPlace, row.index_keys) : []
}

function finish(label: string): Html {
  return html`<form method="post" action="/set-up/done"><button>${label}</button></form>`
}
