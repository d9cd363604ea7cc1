import { html, type Html } from '#platform/html/html.ts'
import { allStaff, type Approval } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'

/** Who said no to something, when and why, for whoever had asked; nothing where nobody did. */
export async function refusalLine(desk: Desk, { t, zone }: Pick<Visit, 't' | 'zone'>, asked: Approval | undefined): Promise<Html | false> {
  if (asked?.answer !== 'refused') return false
  const name = (await allStaff(desk.db, desk.opener)).find(({ id }) => id === asked.answeredBy)?.name ?? ''
  return html`<p>${t('approval.refused', { name, moment: t.moment(asked.answeredAt!, zone) })}${asked.answerReason && html` <q dir="auto">${asked.answerReason}</q>`}</p>`
}
