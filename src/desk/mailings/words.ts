import { html, raw, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { directionOf } from '#platform/words.ts'
import { findMailing, mailingFields, mailingLetter, mouldOf, saveText, textsOf, topicOf, type Mailing, type MailingText } from '#modules/mailings/index.ts'
import { unknownFields } from '#modules/messages/index.ts'
import { statements } from '#modules/people/index.ts'
import { readLive, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { strayFaults } from '../stray-faults.ts'
import { mailingCrumbs } from './page.ts'

const limits = { subject: 200, fromName: 100, body: 40_000 }

/** The words of a mailing in one language, and what becomes of them in a mailbox. */
export function mailingWordsRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/:id/words/:language', async (visit) => {
    const { mailing, language, texts } = await load(desk, visit)
    return mailing.state === 'draft' ? wordsPage(visit.t, mailing, language, typedFrom(texts.get(language)), {}) : previewPage(desk, visit, mailing, language, orNotFound(texts.get(language)))
  }, 'mail-supporters')

  pages.get('/mailings/:id/words/:language/preview', async (visit) => {
    const { mailing, language, texts } = await load(desk, visit)
    return previewPage(desk, visit, mailing, language, orNotFound(texts.get(language)))
  }, 'mail-supporters')

  pages.post('/mailings/:id/words/:language', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const { mailing, language } = await load(desk, visit)
    const text: MailingText = { subject: field(body, 'mailing_subject').replace(/\s+/g, ' ').trim(), fromName: field(body, 'mailing_from').replace(/\s+/g, ' ').trim(), body: field(body, 'mailing_body').replaceAll('\r\n', '\n').trim() }
    const faults = { ...faultsIn(t, text), ...strayFaults(t, body) }
    if (Object.keys(faults).length > 0) return { ...wordsPage(t, mailing, language, typedFrom(text), faults), status: 422 }
    const saved = await pages.change(visit, { verb: 'write-mailing', subjectKind: 'mailing', subjectIds: [mailing.id], details: { language } }, (tx) => saveText(tx, mailing.id, language, text, now), Boolean)
    const to = saved && field(body, 'then') === 'preview' ? `/mailings/${mailing.id}/words/${language}/preview` : `/mailings/${mailing.id}`
    return { to, said: saved ? 'said.saved' : 'said.mailing-moved' }
  }, 'mail-supporters')
}

async function load(desk: Desk, visit: Visit): Promise<{ mailing: Mailing, language: string, texts: Map<string, MailingText> }> {
  const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
  const texts = await textsOf(desk.db, mailing.id)
  const { languages } = await readPublisher(desk.db)
  return { mailing, texts, language: notFoundUnless(visit.params.language!, (code) => languages.includes(code) || texts.has(code)) }
}

function typedFrom(text: MailingText | undefined): Typed {
  return text ? { mailing_subject: text.subject, mailing_from: text.fromName, mailing_body: text.body } : {}
}

/** Both or neither of subject and body; no field that nothing fills. */
function faultsIn(t: DeskWords, text: MailingText): Faults {
  const faults: Faults = {}
  if (text.body && !text.subject) faults.mailing_subject = t('fault.mailing-subject')
  if (text.subject && !text.body) faults.mailing_body = t('fault.mailing-body')
  for (const [name, words, limit] of [['mailing_subject', text.subject, limits.subject], ['mailing_from', text.fromName, limits.fromName], ['mailing_body', text.body, limits.body]] as const) {
    const unknown = unknownFields(words, name === 'mailing_from' ? [] : mailingFields)
    if (unknown.length > 0) faults[name] = t('fault.merge-fields', { unknown: unknown.map((each) => `{${each}}`).join(', '), known: mailingFields.map((each) => `{${each}}`).join(', ') })
    if (words.length > limit) faults[name] = t('fault.too-long')
  }
  return faults
}

function wordsPage(t: DeskWords, mailing: Mailing, language: string, typed: Typed, faults: Faults): DeskPage {
  return {
    title: t('mailing.words', { language: t.languageName(language) }), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    body: form(t, {
      action: `/mailings/${mailing.id}/words/${language}`, button: t('save'), faults, keep: true,
      fields: formFields(t, [
        { name: 'mailing_subject', kind: 'line', maxLength: limits.subject }, { name: 'mailing_from', kind: 'line', maxLength: limits.fromName, narrow: true },
        { name: 'mailing_body', kind: 'text', maxLength: limits.body, tall: true },
      ], typed, faults),
      more: html`<button class="plain" name="then" value="preview">${t('mailing.save-and-preview')}</button>`,
    }),
  }
}

/** The mail as it would reach whoever looks at it: on a phone, and as plain text. */
async function previewPage(desk: Desk, visit: Visit, mailing: Mailing, language: string, text: MailingText): Promise<DeskPage> {
  const { t, staff, now } = visit
  const publisher = await readPublisher(desk.db)
  const mould = mouldOf(text, language, desk.siteOrigin, await topicOf(desk.db, mailing, language, publisher.defaultLanguage))
  const wording = (await statements(desk.db)).find(({ id }) => mailing.statements.includes(id))?.wordings
  const consent = { since: now, wording: (wording?.[language] ?? Object.values(wording ?? {})[0])?.wording ?? '' }
  const letter = mailingLetter(mould, { id: mailing.id, to: { name: staff.name, address: staff.email }, participationId: mailing.id, consent }, { publisher, post: await postOf(desk, publisher), linkKey: '', listId: mailing.id }, now)
  return {
    title: t('mailing.preview', { language: t.languageName(language) }), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    buttons: mailing.state === 'draft' && html`<a class="btn plain" href="/mailings/${mailing.id}/words/${language}">${t('mailing.edit')}</a>`,
    body: html`<p class="soft">${t('mailing.preview.why')}</p><section class="card"><h2>${t('mailing.preview.phone')}</h2>${phone(letter.subject, letter.from.name!, mould.of(staff.name).html, language)}</section>
<section class="card"><h2>${t('mailing.preview.plain')}</h2><div class="words" dir="${directionOf(language)}" lang="${language}">${letter.text}</div></section>`,
  }
}

function phone(subject: string, from: string, body: string, language: string): Html {
  return html`<div class="phone" dir="${directionOf(language)}" lang="${language}"><p><small><bdi>${from}</bdi></small><br><strong dir="auto">${subject}</strong></p>${raw(body)}</div>`
}

async function postOf(desk: Desk, publisher: Publisher) {
  const { live } = await readLive(desk.db, { origin: desk.config.origins[0], installId: desk.secrets.installId })
  const from = publisher.mailFrom ?? `actions@${new URL(desk.siteOrigin).hostname}`
  return { origin: desk.siteOrigin, domain: from.slice(from.lastIndexOf('@') + 1), from, replyTo: publisher.email ?? from, practice: !live, readsReturns: false, back: () => from }
}
