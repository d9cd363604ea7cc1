import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { actionWords, missingWords, needsOfWords, newestRevisions, publishWords, saveWords, variantsOf, type VariantWords } from '#modules/actions/index.ts'
import { factFields, supporterFields, targetFields } from '#modules/messages/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { strayFaults } from '../stray-faults.ts'
import { mayWith } from './may.ts'
import { messageAction } from './message-action.ts'
import { titleOf } from './naming.ts'
import { faultsOf, linesOf, noteMessageFaults } from './words.ts'

const variantFields: Field[] = [
  { name: 'subject', kind: 'line', required: true, maxLength: 200 }, { name: 'greeting', kind: 'line', maxLength: 300 }, { name: 'body', kind: 'text', required: true, maxLength: 20_000, tall: true },
  { name: 'closing', kind: 'text', maxLength: 1000 }, { name: 'subjects', kind: 'text', maxLength: 2000 },
]

/** The words that a rule gives to some targets, in one language. */
export function variantRoutes(pages: DeskPages, desk: Desk): void {
  const path = '/actions/:id/words/:language/variants/:variant'

  pages.get(path, async (visit) => {
    const { revision, variant } = await load(desk, visit)
    const own = revision.words.variants.find((each) => each.id === variant.id)
    // Whoever writes for some targets mostly changes a sentence of what is there for all.
    return variantPage(desk, visit, typedFrom(own ?? revision.words), {})
  }, 'translate')

  pages.post(path, async (visit): Promise<Answer> => {
    const { t, body, staff, now } = visit
    const { action, revision, variant, needs, may } = await load(desk, visit)
    const text = (name: string) => field(body, name)
    const faults: Faults = { ...(!text('subject').trim() && { subject: t('fault.subject') }), ...(!text('body').trim() && { body: t('fault.message-body') }) }
    noteMessageFaults(t, faults, (name) => (name === 'script' ? '' : text(name)), needs)
    Object.assign(faults, strayFaults(t, body))
    const variants = [...revision.words.variants.filter((each) => each.id !== variant.id), { id: variant.id, subject: text('subject'), subjects: linesOf(text('subjects')).slice(0, 9), greeting: text('greeting'), body: text('body'), closing: text('closing') }]
    const words = actionWords.safeParse({ ...revision.words, variants })
    if (!words.success && Object.keys(faults).length === 0) faults.body = t('fault.too-long')
    if (!words.success || Object.keys(faults).length) return { ...await variantPage(desk, visit, Object.fromEntries(variantFields.map(({ name }) => [name, text(name)])), faults), status: 422 }
    const publish = field(body, 'then') === 'publish' && may('campaign') && action.state !== 'draft'
    const missing = publish ? missingWords(action, { words: words.data, ask: revision.ask }, needs) : []
    if (missing.length) return { ...await variantPage(desk, visit, Object.fromEntries(variantFields.map(({ name }) => [name, text(name)])), Object.fromEntries(Object.values(faultsOf(t, missing, words.data, needs)).map((fault) => ['body', fault]))), status: 422 }
    await pages.change(publish ? visit.as('campaign') : visit, { verb: publish ? 'publish-words' : 'save-words', subjectKind: 'action', subjectIds: [action.id], details: { language: revision.language } }, async (tx) => {
      const revisionId = await saveWords(tx, { actionId: action.id, language: revision.language, words: words.data, staffId: staff.id }, now)
      if (publish) await publishWords(tx, { actionId: action.id, language: revision.language, revisionId, staffId: staff.id }, now)
    })
    return { to: `/actions/${action.id}/rules`, said: publish ? 'said.published' : 'said.saved' }
  }, 'translate')
}

async function load(desk: Desk, visit: Visit) {
  const action = await messageAction(desk, visit)
  const revisions = await newestRevisions(desk.db, action.id)
  return {
    action, revisions, may: await mayWith(desk, visit, action.id), needs: await needsOfWords(desk.db, action.id),
    revision: orNotFound(revisions.find((each) => each.language === visit.params.language)), variant: orNotFound((await variantsOf(desk.db, action.id)).find((each) => each.id === idOf(visit, 'variant'))),
  }
}

function typedFrom(words: Pick<VariantWords, 'subject' | 'subjects' | 'greeting' | 'body' | 'closing'>): Typed {
  return { subject: words.subject, greeting: words.greeting, body: words.body, closing: words.closing, subjects: words.subjects.join('\n') }
}

async function variantPage(desk: Desk, visit: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const { action, revisions, revision, variant, needs, may } = await load(desk, visit)
  return {
    title: t('variants.words', { name: variant.name, language: t.languageName(revision.language) }), section: 'actions',
    crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }, { href: `/actions/${action.id}/rules`, label: t('action.rules') }],
    body: html`<div class="notice"><p>${t('action.merge-fields')}</p><p dir="ltr"><code>${[...supporterFields, ...factFields(needs.facts), ...targetFields].map((each) => `{${each}}`).join(' ')}</code></p></div>${form(t, {
      action: `/actions/${action.id}/words/${revision.language}/variants/${variant.id}`, button: t('save'), faults, keep: true, fields: formFields(t, variantFields, typed, faults),
      more: action.state !== 'draft' && may('campaign') && html`<button name="then" value="publish">${t('save-and-publish')}</button>`,
    })}`,
  }
}
