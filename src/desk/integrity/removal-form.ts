import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { edgeOfPeriod, toLocal } from '#platform/local-time.ts'
import { isUuid } from '#platform/uuid.ts'
import { heldReasons, type Action } from '#modules/actions/index.ts'
import { surgeInWords, surges, type RemovalCondition } from '#modules/integrity/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { Visit } from '../pages.ts'

const names = ['taken_from', 'taken_until', 'removal_country', 'removal_language', 'removal_source', 'removal_held', 'removal_surge', 'removal_domain', 'removal_reason'] as const

/** What was typed, and what it means if it means something. */
export function readRemoval({ t, body }: Visit, action: Action): { condition?: RemovalCondition & { reason: string }, typed: Typed, faults: Faults } {
  const typed: Record<string, string> = Object.fromEntries(names.map((name) => [name, field(body, name).trim()]))
  const [takenFrom, takenUntil] = [edgeOfPeriod(typed.taken_from!, action.zone, 'from'), edgeOfPeriod(typed.taken_until!, action.zone, 'until')]
  const domain = typed.removal_domain!.replace(/^.*@/, '').toLowerCase()
  const faults: Faults = {
    ...(!takenFrom && { taken_from: t('fault.moment') }), ...(!takenUntil && { taken_until: t('fault.moment') }),
    ...(takenFrom && takenUntil && takenUntil <= takenFrom && { taken_until: t('fault.until-before-from') }),
    ...(domain && !/^[\p{L}\p{N}.-]+\.[\p{L}\p{N}-]+$/u.test(domain) && { removal_domain: t('fault.domain') }),
    ...(!typed.removal_reason && { removal_reason: t('fault.reason') }),
  }
  if (Object.keys(faults).length > 0) return { typed, faults }
  const chosen = (name: string, pattern: RegExp) => (pattern.test(typed[name]!) ? typed[name] : undefined)
  return {
    typed, faults, condition: {
      actionId: action.id, takenFrom: takenFrom!, takenUntil: takenUntil!, country: chosen('removal_country', /^[A-Z]{2}$/), language: chosen('removal_language', /^[a-z]{2,3}$/),
      source: chosen('removal_source', /^[a-z0-9-]{1,24}$/), heldReason: heldReasons.find((each) => each === typed.removal_held), surgeId: isUuid(typed.removal_surge!) ? typed.removal_surge : undefined,
      domain: domain || undefined, reason: typed.removal_reason!.slice(0, 500),
    },
  }
}

/** Everything that is left empty fits all. Choices are those that occur in this action. */
export async function removalForm({ db }: Desk, { t, query, now }: Visit, action: Action, typed: Typed, faults: Faults): Promise<Html> {
  const { rows } = await sql<{ dimension: string, value: string }>`select dimension, value from tallies where action_id = ${action.id} and dimension in ('country', 'language', 'source') order by total desc`.execute(db)
  const values = (dimension: string) => rows.filter((row) => row.dimension === dimension).map((row) => row.value)
  const noticed = (await surges(db, t.language, { actionId: action.id })).filter(({ kind }) => kind === 'domain' || kind === 'pattern')
  const from = noticed.find(({ id }) => id === query('surge'))
  const select = (name: Field['name'], choices: { value: string, label: string }[]): Field => ({ name, kind: 'select', empty: t('removals.any'), choices })
  return form(t, {
    action: `/actions/${action.id}/removals`, button: t('removals.preview'), faults,
    fields: html`<h2>${t('removals.new')}</h2><p class="soft">${t('removals.zone', { zone: action.zone })}</p>${formFields(t, [
      { name: 'taken_from', kind: 'datetime-local', required: true, narrow: true }, { name: 'taken_until', kind: 'datetime-local', required: true, narrow: true },
      select('removal_country', values('country').map((value) => ({ value, label: t.countryName(value) }))), select('removal_language', values('language').map((value) => ({ value, label: t.languageName(value) }))),
      select('removal_source', values('source').map((value) => ({ value, label: value }))), select('removal_held', heldReasons.map((value) => ({ value, label: t(`held.${value}`) }))),
      select('removal_surge', noticed.map((surge) => ({ value: surge.id, label: `${t.moment(surge.noticedAt, action.zone)}: ${surgeInWords(t.language, surge)}` }))),
      { name: 'removal_domain', kind: 'line', maxLength: 253, direction: 'ltr', narrow: true }, { name: 'removal_reason', kind: 'text', required: true, maxLength: 500 },
    ], { taken_from: toLocal(from?.since ?? new Date(now.getTime() - 86_400_000), action.zone), taken_until: toLocal(now, action.zone), removal_surge: from?.id, ...typed }, faults)}`,
  })
}
