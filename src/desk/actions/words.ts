import { countryNamed } from '#platform/countries.ts'
import { html, type Html } from '#platform/html/html.ts'
import { renderMarkdown } from '#platform/html/markdown.ts'
import { field } from '#platform/http/server.ts'
import { actionWords, factPrefix, findAction, missingWords, needsOfWords, newestRevisions, publishWords, saveWords, variantsOf, type Action, type ActionWords, type Missing, type Revision, type Variant, type WordsNeed } from '#modules/actions/index.ts'
import { factFields, supporterFields, targetFields, unknownFields } from '#modules/messages/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { countrySaid } from '../countries.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { mayWith } from './may.ts'
import { strayFaults } from '../stray-faults.ts'
import { formName, missingSaid } from './missing.ts'
import { titleOf } from './naming.ts'

export function wordsRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/words', async (visit) => {
    const { t } = visit
    const { action, revisions, languages } = await load(desk, visit)
    const left = languages.filter((language) => !revisions.some((revision) => revision.language === language))
    return {
      title: t('action.add-language'), section: 'actions', crumbs: crumbs(t, action, revisions),
      body: html`<div class="card">${left.length ? html`<ul class="todo">${left.map((language) => html`<li><a href="/actions/${action.id}/words/${language}">${t.languageName(language)}</a></li>`)}</ul>` : html`<p>${t('action.all-languages')}</p>${visit.may('settings') && html`<p><a href="/settings/languages">${t('settings.languages')}</a></p>`}`}</div>`,
    }
  }, 'translate')

  pages.get('/actions/:id/words/:language', async (visit) => {
    const { action, revisions, languages, more } = await load(desk, visit)
    const language = notFoundUnless(visit.params.language!, (code) => languages.includes(code))
    const present = revisions.find((revision) => revision.language === language)
    return wordsPage(visit, action, revisions, language, typedFrom(visit.t, present?.words, present?.ask ?? ''), {}, more)
  }, 'translate')

  pages.post('/actions/:id/words/:language', async (visit): Promise<Answer> => {
    const { t, body, staff, now } = visit
    const { action, revisions, languages, more } = await load(desk, visit)
    const { may } = more
    const language = notFoundUnless(visit.params.language!, (code) => languages.includes(code))
    const { words, faults } = readWords(t, action, body, more.needs, revisions.find((revision) => revision.language === language)?.words.variants ?? [])
    const ask = action.kind === 'petition' ? field(body, 'ask').slice(0, 5000) : undefined
    if (!words) return { ...wordsPage(visit, action, revisions, language, typedFrom(visit.t, undefined, ask ?? '', body), faults, more), status: 422 }
    const publish = field(body, 'then') === 'publish' && may('campaign') && action.state !== 'draft'
    const preview = field(body, 'then') === 'preview'
    if (preview) return wordsPage(visit, action, revisions, language, typedFrom(visit.t, words, ask ?? ''), {}, more, words)
    const missing = publish ? missingWords(action, { words, ask: ask ?? '' }, more.needs) : []
    if (missing.length) return { ...wordsPage(visit, action, revisions, language, typedFrom(visit.t, words, ask ?? ''), faultsOf(t, missing, words, more.needs), more), status: 422 }
    await pages.change(publish ? visit.as('campaign') : visit, { verb: publish ? 'publish-words' : 'save-words', subjectKind: 'action', subjectIds: [action.id], details: { language } }, async (tx) => {
      const revisionId = await saveWords(tx, { actionId: action.id, language, words, ask, staffId: staff.id }, now)
      if (publish) await publishWords(tx, { actionId: action.id, language, revisionId, staffId: staff.id }, now)
    })
    return { to: `/actions/${action.id}`, said: publish ? 'said.published' : 'said.saved' }
  }, 'translate')
}

/** What a message has beside its own words. */
interface More {
  needs: WordsNeed
  variants: Variant[]
  may: Visit['may']
}

async function load(desk: Desk, visit: Visit): Promise<{ action: Action, revisions: Revision[], languages: string[], more: More }> {
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  return { action, revisions: await newestRevisions(desk.db, action.id), languages: (await readPublisher(desk.db)).languages, more: { needs: await needsOfWords(desk.db, action.id), variants: await variantsOf(desk.db, action.id), may: await mayWith(desk, visit, action.id) } }
}

function crumbs(t: DeskWords, action: Action, revisions: Revision[]) {
  return [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }]
}

function wordFields(action: Action): Field[] {
  const common: Field[] = [{ name: 'title', kind: 'line', required: true, maxLength: 200 }, { name: 'summary', kind: 'text', maxLength: 600 }]
  const kind: Field[] = action.kind === 'petition' ? [{ name: 'ask', kind: 'text', required: true, maxLength: 5000 }] : [
    { name: 'subject', kind: 'line', required: true, maxLength: 200 }, { name: 'greeting', kind: 'line', maxLength: 300 },
    { name: 'body', kind: 'text', required: true, maxLength: 20_000, tall: true }, { name: 'closing', kind: 'text', maxLength: 1000 }, { name: 'prompts', kind: 'text', maxLength: 700 },
    { name: 'subjects', kind: 'text', maxLength: 2000 }, { name: 'script', kind: 'text', maxLength: 3000 },
  ]
  return [
    ...common, { name: 'addressee', kind: 'line', maxLength: 300 }, ...kind, { name: 'story', kind: 'text', maxLength: 40_000, tall: true }, { name: 'button', kind: 'line', maxLength: 60, narrow: true },
    ...(action.imageId ? [{ name: 'image_alt', kind: 'line', required: true, maxLength: 400 }, { name: 'image_caption', kind: 'line', maxLength: 400 }] satisfies Field[] : []),
    { name: 'thanks', kind: 'text', maxLength: 5000 }, { name: 'share_text', kind: 'text', maxLength: 500 }, { name: 'advice', kind: 'text', maxLength: 20_000 },
  ]
}

function typedFrom(t: DeskWords, words: ActionWords | undefined, ask: string, body?: unknown): Typed {
  if (!words && body) return Object.fromEntries(['title', 'summary', 'subject', 'greeting', 'body', 'closing', 'prompts', 'subjects', 'script', 'addressee', 'story', 'button', 'image_alt', 'image_caption', 'thanks', 'share_text', 'advice'].map((name) => [name, field(body, name)]).concat([['ask', ask]]))
  if (!words) return { ask }
  const { variants: _, ...plain } = words
  return {
    ...plain, ask, subjects: words.subjects.join('\n'), image_alt: words.imageAlt, image_caption: words.imageCaption, share_text: words.shareText, prompts: words.prompts.join('\n'),
    advice: words.advice.map(({ country, text }) => `${countrySaid(t, country)}: ${text.replace(/\n+/g, ' ')}`).join('\n'),
  }
}

/** Reads the form. Faults are about single fields; merge fields that nobody could fill are faults as well. */
function readWords(t: DeskWords, action: Action, body: unknown, needs: WordsNeed, variants: ActionWords['variants']): { words?: ActionWords, faults: Faults } {
  const faults: Faults = {}
  const text = (name: string) => field(body, name)
  const prompts = text('prompts').split('\n').map((line) => line.trim()).filter(Boolean)
  if (prompts.length > 3) faults.prompts = t('fault.prompts')
  const advice = text('advice').split('\n').filter((line) => line.trim()).map(readAdvice)
  if (advice.includes(undefined)) faults.advice = t('fault.advice')
  if (action.kind === 'message') {
    noteMessageFaults(t, faults, text, needs)
  }
  if (!text('title').trim()) faults.title = t('fault.title')
  Object.assign(faults, strayFaults(t, body))
  const read = actionWords.safeParse({
    title: text('title'), summary: text('summary'), story: text('story'), addressee: text('addressee'), button: text('button'), imageAlt: text('image_alt'), imageCaption: text('image_caption'),
    thanks: text('thanks'), shareText: text('share_text'), subject: text('subject'), greeting: text('greeting'), body: text('body'), closing: text('closing'), prompts: prompts.slice(0, 3), subjects: linesOf(text('subjects')).slice(0, 9), script: text('script'), variants,
    advice: advice.filter((each) => each !== undefined),
  })
  if (!read.success) for (const issue of read.error.issues) faults[formName(String(issue.path[0]))] ??= t('fault.too-long')
  return Object.keys(faults).length || !read.success ? { faults } : { words: read.data, faults }
}

/** "Country: advice", one a line; nothing where it begins with no country. */
function readAdvice(line: string): { country: string, text: string } | undefined {
  const [, named, text] = /^([^:：]+)[:：]\s*(.+)$/.exec(line) ?? []
  const country = countryNamed(named ?? '')
  return country && text ? { country, text } : undefined
}

/** What words lack before they can be public, each at its field; what is about a message as a whole stands at its text. */
export function faultsOf(t: DeskWords, missing: Missing[], words: ActionWords, needs: WordsNeed): Faults {
  return Object.fromEntries(missing.map((each) => {
    const name = each.replace(/^(?:unwritten|reference):/, '').replace('image-alt', 'imageAlt')
    return [/^(?:variant|fact|fall-backs|too-long)/.test(name) ? 'body' : formName(name), t('fault.before-publishing', { missing: missingSaid(t, [each], [{ words }], needs)[0]! })]
  }))
}

export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean)
}

/** What is wrong with the words of a message: fields that nothing fills, too many subjects, and more than its limits allow. */
export function noteMessageFaults(t: DeskWords, faults: Faults, text: (name: string) => string, { facts, options }: WordsNeed): void {
  const aboutSupporter = [...supporterFields, ...factFields(facts)]
  for (const name of ['subject', 'subjects', 'body']) noteUnknown(t, faults, name, text(name), aboutSupporter)
  for (const name of ['greeting', 'closing', 'script']) noteUnknown(t, faults, name, text(name), [...aboutSupporter, ...targetFields])
  if (linesOf(text('subjects')).length > 9) faults.subjects ??= t('fault.subjects')
  const limits = { subject: options.subjectLimit, body: options.bodyLimit, script: options.scriptLimit }
  for (const [name, limit] of Object.entries(limits)) if (text(name).trim().length > limit) faults[name] ??= t('fault.over-limit', { limit, over: text(name).trim().length - limit })
  if (linesOf(text('subjects')).some((line) => line.length > options.subjectLimit)) faults.subjects ??= t('fault.over-limit-one', { limit: options.subjectLimit })
}

function noteUnknown(t: DeskWords, faults: Faults, name: string, text: string, known: readonly string[]): void {
  const unknown = unknownFields(text, known)
  // Whoever names a fact before there is a table of them learns where the table is.
  if (unknown.some((each) => each.startsWith(factPrefix))) faults[name] = t('fault.fact-fields', { unknown: t.list(unknown.map((each) => `{${each}}`)) })
  else if (unknown.length) faults[name] = t('fault.merge-fields', { unknown: unknown.map((each) => `{${each}}`).join(', '), known: known.map((each) => `{${each}}`).join(', ') })
}

function wordsPage({ t }: Visit, action: Action, revisions: Revision[], language: string, typed: Typed, faults: Faults, more: More, preview?: ActionWords): DeskPage {
  const present = revisions.find((revision) => revision.language === language)
  return {
    title: t('action.words', { language: t.languageName(language) }), section: 'actions', crumbs: crumbs(t, action, revisions),
    body: html`${present && missingWords(action, present, more.needs).some((each) => each.startsWith('unwritten:')) && html`<div class="notice"><p>${t('action.unwritten')}</p></div>`}${present?.askNumber && html`<div class="notice"><p>${t('action.ask-signed', { number: present.askNumber })}</p></div>`}${action.kind === 'message' && html`<div class="notice"><p>${t('action.merge-fields')}</p><p dir="ltr"><code>${[...supporterFields, ...factFields(more.needs.facts), ...targetFields].map((each) => `{${each}}`).join(' ')}</code></p></div>`}${more.variants.length > 0 && html`<section class="card"><h2>${t('variants.title')}</h2><p>${t('variants.why')}</p><ul class="todo">${more.variants.map((variant) => html`<li><a href="/actions/${action.id}/words/${language}/variants/${variant.id}"><bdi>${variant.name}</bdi></a></li>`)}</ul></section>`}
${preview && previewCard(t, preview, typed)}${form(t, {
      action: `/actions/${action.id}/words/${language}`, button: t('save'), faults, keep: true, fields: formFields(t, wordFields(action), typed, faults),
      more: html`${action.state !== 'draft' && more.may('campaign') && html`<button name="then" value="publish">${t('save-and-publish')}</button>`}<button class="plain" name="then" value="preview">${t('preview')}</button>`,
    })}`,
  }
}

function previewCard(t: DeskWords, words: ActionWords, typed: Typed): Html {
  return html`<section class="card"><h2>${t('preview')}</h2><p class="soft">${t('preview.not-saved')}</p><h3 dir="auto">${words.title}</h3><p dir="auto">${words.summary}</p><div dir="auto">${renderMarkdown(words.story)}</div>${typed.ask && html`<div class="words" dir="auto">${String(typed.ask)}</div>`}${words.body && html`<div class="words" dir="auto">${[words.greeting, words.body, words.closing].join('\n\n')}</div>`}</section>`
}

