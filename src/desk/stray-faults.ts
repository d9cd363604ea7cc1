import { straysInText } from '#modules/publishing/index.ts'
import type { Faults } from './forms.ts'
import type { DeskWords } from './words/index.ts'

/** At each field, what would be seen as it was typed: only the texts of pages refer to records, and no record, action or mail does. What leads somewhere is chosen by name and left out. */
export function strayFaults(t: DeskWords, body: unknown): Faults {
  const typed = Object.entries((body as Record<string, unknown> | null) ?? {}).filter(([name]) => !name.startsWith('entry_leads.'))
  return Object.fromEntries(typed.flatMap(([name, value]) => {
    const references = typeof value === 'string' ? straysInText(value) : []
    return references.length > 0 ? [[name, t('fault.no-references', { references: t.list(references) })]] : []
  }))
}
