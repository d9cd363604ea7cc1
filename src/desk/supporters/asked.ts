import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { askedBy, requestWays } from '#modules/own-data/index.ts'
import type { AuditEntry } from '#modules/staff/index.ts'
import type { Faults, Field, Typed } from '../forms.ts'
import type { Visit } from '../pages.ts'

type Words = Visit['t']

/** Two fields of a form: how somebody asked, and who it was. Where staff may also have decided by themselves, nobody asked. Their names on the form begin with `as`. */
export function askedFields(t: Words, as: string, { orNobody = false } = {}): Field[] {
  return [
    { name: 'request_who', as: `${as}-who`, kind: 'choice', required: true, choices: [...askedBy, ...(orNobody ? ['nobody' as const] : [])].map((value) => ({ value, label: t(`request.who.${value}`) })) },
    { name: 'request_way', as: `${as}-way`, kind: 'choice', required: !orNobody, choices: requestWays.map((value) => ({ value, label: t(`request.way.${value}`) })) },
  ]
}

/** Who asked and how, for the log, as it was typed into `askedFields`; or what is missing. */
export function readAsked({ t, body }: Pick<Visit, 't' | 'body'>, as: string, { orNobody = false } = {}): { by: string, way: string | null, faults: Faults, typed: Typed } {
  const typed = { [`${as}-who`]: field(body, `${as}-who`), [`${as}-way`]: field(body, `${as}-way`) }
  const nobody = orNobody && typed[`${as}-who`] === 'nobody'
  const by = nobody ? 'nobody' : askedBy.find((each) => each === typed[`${as}-who`])
  const way = nobody ? null : requestWays.find((each) => each === typed[`${as}-way`])
  return { by: by ?? '', way: way ?? null, typed, faults: { ...(!by && { [`${as}-who`]: t('fault.choose') }), ...(way === undefined && { [`${as}-way`]: t('fault.choose') }) } }
}

/** What a line of the log says of who asked and how; nothing where it does not. */
export function askedInWords(t: Words, { by, way }: AuditEntry['details']): Html | false {
  const said = [...(typeof way === 'string' ? [`request.way.${way}`] : []), ...(typeof by === 'string' ? [`request.who.${by}`] : [])].filter((key) => t.has(key))
  return said.length > 0 && html`<small>${said.map((key) => t(key)).join(' · ')}</small>`
}
