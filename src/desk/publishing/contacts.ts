import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { allSubjects, keepContact, keptContacts, nameIn, removeContact, type KeptContact, type Subject } from '#modules/places/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { allStaff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskWords } from '../words/index.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { theirsPart } from './field-changes.ts'
import { typedIn } from './item-form.ts'
import { inTurn, savedMeanwhile, stoodField } from './meanwhile.ts'
import { within } from './parts.ts'

/** Who readers turn to about a place or topic. */
export function contactRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/subjects/:id/contacts', async (visit) => contactsPage(desk, visit, await open(desk, visit)), 'publish-pages', { limited: true })
  pages.post('/subjects/:id/contacts/:contact', (visit) => inTurn(`contact ${visit.params.id}`, async (): Promise<Answer> => {
    const subject = await open(desk, visit)
    const { t, body, now, params } = visit
    const { languages } = await readPublisher(desk.db)
    const id = params.contact === 'new' ? undefined : idOf(visit, 'contact')
    const says = Object.fromEntries(languages.flatMap((language) => {
      const role = field(body, `contact_role.${language}`).trim().slice(0, 200)
      return role ? [[language, { role, name: field(body, `contact_name.${language}`).trim().slice(0, 200) }]] : []
    }))
    if (Object.keys(says).length === 0) return { ...await contactsPage(desk, visit, subject, id ?? 'new', typedIn(body), { [`contact_role.${languages[0]}`]: t('fault.empty') }), status: 422 }
    const before = (await keptContacts(desk.db, subject.id)).find((each) => each.id === id)
    const mine = typedIn(body)
    const stands = before && contactTyped(before, languages)
    if (stands && savedMeanwhile(body, stands, Object.fromEntries(Object.keys(stands).map((name) => [name, mine[name]])))) {
      return { ...await contactsPage(desk, visit, subject, before.id, { ...mine, stood: undefined }, {}, theirsPart(t, await contactFields(desk, t, languages), stands, mine, languages)), status: 409 }
    }
    const chosen = [(body as Record<string, unknown>).contact_languages].flat()
    const colleague = (await allStaff(desk.db, desk.opener)).find((each) => each.id === field(body, 'contact_staff') && each.leftAt === null)
    await pages.change(visit, { verb: 'change-contacts', subjectKind: 'subject', subjectIds: [subject.id] }, (tx) => keepContact(tx, { id, subjectId: subject.id, says, languages: languages.filter((each) => chosen.includes(each)), staffId: colleague?.id ?? null }, now))
    return { to: `/subjects/${subject.id}/contacts`, said: 'said.saved' }
  }), 'publish-pages', { limited: true })
  pages.post('/subjects/:id/contacts/:contact/remove', async (visit): Promise<Answer> => {
    const subject = await open(desk, visit)
    await pages.change(visit, { verb: 'change-contacts', subjectKind: 'subject', subjectIds: [subject.id] }, (tx) => removeContact(tx, { id: idOf(visit, 'contact'), subjectId: subject.id }))
    return { to: `/subjects/${subject.id}/contacts`, said: 'said.saved' }
  }, 'publish-pages', { limited: true })
}

async function open(desk: Desk, visit: Visit): Promise<Subject> {
  const [subject] = await allSubjects(desk.db, { id: idOf(visit) })
  return notFoundUnless(orNotFound(subject), (each) => within(visit.reach, [each]))
}

function contactTyped(contact: KeptContact, languages: string[]): Typed {
  return {
    contact_languages: contact.languages, contact_staff: contact.staffId ?? '',
    ...Object.fromEntries(languages.flatMap((language) => [[`contact_role.${language}`, contact.says[language]?.role ?? ''], [`contact_name.${language}`, contact.says[language]?.name ?? '']])),
  }
}

async function contactFields(desk: Desk, t: DeskWords, languages: string[]): Promise<Field[]> {
  const staff = (await allStaff(desk.db, desk.opener)).filter(({ leftAt }) => leftAt === null)
  return [
    ...languages.flatMap(saidFields), { name: 'contact_languages', kind: 'ticks', choices: languages.map((value) => ({ value, label: t.languageName(value) })) },
    { name: 'contact_staff', kind: 'select', empty: t('contacts.nobody'), choices: staff.map((each) => ({ value: each.id, label: each.name })) },
  ]
}

function saidFields(language: string): Field[] {
  return [{ name: 'contact_role', as: `contact_role.${language}`, kind: 'line', maxLength: 200 }, { name: 'contact_name', as: `contact_name.${language}`, kind: 'line', maxLength: 200 }]
}

async function contactsPage(desk: Desk, { t }: Visit, subject: Subject, wrong?: string, given: Typed = {}, faults: Faults = {}, theirs: Html | false = false): Promise<DeskPage> {
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  const kept = await keptContacts(desk.db, subject.id)
  const name = nameIn(subject, t.language, defaultLanguage)
  const fields = (await contactFields(desk, t, languages)).filter(({ as }) => as === undefined)
  const formOf = (id: string, typed: Typed, stands?: Typed) => form(t, {
    action: `/subjects/${subject.id}/contacts/${id}`, button: t('save'), faults: wrong === id ? faults : {},
    fields: html`${stands && stoodField(stands, typed)}${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${formFields(t, saidFields(language), typed, wrong === id ? faults : {})}</fieldset>`)}${formFields(t, fields, typed, {})}`,
  })
  return {
    title: t('contacts.title', { name }), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/subjects', label: t('nav.subjects') }, { href: `/subjects/${subject.id}`, label: name }],
    body: html`${theirs}<p class="soft">${t('contacts.why')}</p><p><a href="/contact-messages">${t('contact-messages.title')}</a></p>
${kept.map((each) => html`<details${wrong === each.id && html` open`}><summary><bdi>${[t.language, ...languages].map((language) => each.says[language]?.role).find(Boolean)}</bdi></summary>
${formOf(each.id, wrong === each.id ? given : contactTyped(each, languages), contactTyped(each, languages))}${button(`/subjects/${subject.id}/contacts/${each.id}/remove`, t('contacts.remove'), {}, 'stop')}</details>`)}
<h2>${t('contacts.new')}</h2>${formOf('new', wrong === 'new' ? given : {})}`,
  }
}
