import { html, type Html } from '#platform/html/html.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { allStaff, type Approval } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import type { DeskWords } from '../words/index.ts'

/** Who said no to something, when and why, for whoever had asked; nothing where nobody did. */
export async function refusalLine(desk: Desk, t: DeskWords, asked: Approval | undefined): Promise<Html | false> {
  if (asked?.answer !== 'refused') return false
  const { zone } = await readPublisher(desk.db)
  const name = (await allStaff(desk.db, desk.opener)).find(({ id }) => id === asked.answeredBy)?.name ?? ''
  return html`<p>${t('approval.refused', { name, moment: t.moment(asked.answeredAt!, zone) })}${asked.answerReason && html` <q dir="auto">${asked.answerReason}</q>`}</p>`
}
