import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isSlug } from '#platform/slug.ts'
import { sql } from '#platform/db.ts'
import { titleIn, withinReach } from '#modules/actions/index.ts'
import { addSubject, allSubjects, nameIn, readdressSubject, setNames, setParent, type Subject, type SubjectName } from '#modules/places/index.ts'
import { aboutItem, saveItem, setSubjectActions, wordsWith } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { renamePlace, type Reach } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { theirsPart } from './field-changes.ts'
import { typedIn } from './item-form.ts'
import { inTurn, savedMeanwhile, stoodField } from './meanwhile.ts'
import { itemPath, within } from './parts.ts'
import { entriesPart } from './places-part.ts'

const kinds = ['place', 'topic'] as const

/** A place would lie in itself. */
class Circle extends Error {}

/** Places and topics: their names, addresses and actions, and the way to the text of their page. */
export function subjectRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/subjects', (visit) => subjectList(desk, visit), 'write-pages', { limited: true })
  pages.post('/subjects', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const name = field(body, 'subject_name').trim().slice(0, 200)
    const kind = kinds.find((each) => each === field(body, 'subject_kind'))
    const faults: Faults = { ...(!name && { subject_name: t('fault.title') }), ...(!kind && { subject_kind: t('fault.choose') }) }
    if (!name || !kind) return { ...await subjectList(desk, visit, { subject_name: name, subject_kind: kind }, faults), status: 422 }
    const language = (await readPublisher(desk.db)).defaultLanguage
    const id = await pages.change(visit, { verb: 'create-subject', subjectKind: 'subject', subjectIds: [] }, (tx) => addSubject(tx, { kind, language, name }, now))
    return { to: `/subjects/${id}` }
  }, 'publish-pages')

  pages.get('/subjects/:id', async (visit) => subjectPage(desk, visit, await open(desk, visit)), 'write-pages', { limited: true })
  pages.post('/subjects/:id', (visit) => inTurn(`subject ${visit.params.id}`, async (): Promise<Answer> => {
    const subject = await open(desk, visit)
    const { t, body, now } = visit
    const slug = field(body, 'slug').trim()
    // What places are called decides who looks after them: it is for those who look after all.
    const code = visit.reach === 'everywhere' ? field(body, 'short_code').trim().toUpperCase() : subject.code
    const { languages } = await readPublisher(desk.db)
    const names = languages.flatMap((language): SubjectName[] => field(body, `names.${language}`).split('\n').map((line) => line.trim().slice(0, 200)).filter(Boolean).map((name, place) => ({ language, name, shown: place === 0 })))
    const faults: Faults = { ...(!isSlug(slug) && { slug: t('fault.slug') }), ...(!/^[A-Z0-9]{2,6}$/.test(code) && { short_code: t('fault.short-code') }), ...(names.length === 0 && { [`names.${languages[0]}`]: t('fault.title') }) }
    const mine = typedIn(body)
    const again = async () => ({ ...await subjectPage(desk, visit, subject, mine, faults), status: 422 })
    if (Object.keys(faults).length > 0) return again()
    const stands = await subjectTyped(desk, visit, subject)
    if (savedMeanwhile(body, stands, Object.fromEntries(Object.keys(stands).map((name) => [name, mine[name]])))) {
      const theirs = theirsPart(t, await subjectFields(desk, visit, subject), stands, mine, languages)
      return { ...await subjectPage(desk, visit, subject, { ...mine, stood: undefined }, {}, theirs), status: 409 }
    }
    const wanted = [(body as Record<string, unknown>).subject_actions].flat()
    const parent = field(body, 'lies_in') || null
    const parents = (await allSubjects(desk.db, { kind: subject.kind })).map(({ id }) => id)
    if (parent !== null && !parents.includes(parent)) faults.lies_in = t('fault.choose')
    if (faults.lies_in) return again()
    // What lies outside of somebody's own stays as it is.
    const chosen = (await actionsFor(desk, visit, subject)).filter(({ id, chosen: before, offered }) => (offered ? wanted.includes(id) : before)).map(({ id }) => id)
    const done = await pages.change(visit, { verb: 'change-subject', subjectKind: 'subject', subjectIds: [subject.id] }, async (tx) => {
      const readdressed = await readdressSubject(tx, subject.id, { slug, code }, now)
      if (readdressed !== 'changed') return readdressed
      if (visit.reach === 'everywhere' && await setParent(tx, subject.id, parent) === 'circle') throw new Circle()
      if (subject.kind === 'place' && code !== subject.code) await renamePlace(tx, `place:${subject.code}`, `place:${code}`)
      await setNames(tx, subject.id, names)
      await setSubjectActions(tx, subject.id, chosen)
      return 'saved'
    }, (result) => result === 'saved').catch((error: unknown) => {
      // What was changed before is taken back with it.
      if (error instanceof Circle) return 'circle'
      throw error
    })
    if (done === 'saved') return { to: `/subjects/${subject.id}`, said: 'said.saved' }
    if (done === 'circle') {
      faults.lies_in = t('fault.circle')
      return again()
    }
    faults[done === 'slug-taken' ? 'slug' : 'short_code'] = t('fault.taken')
    return again()
  }), 'publish-pages', { limited: true })

  // The text of its page is an item; it is made when somebody first wants to write it.
  pages.post('/subjects/:id/text', async (visit): Promise<Answer> => {
    const subject = await open(desk, visit)
    const { defaultLanguage } = await readPublisher(desk.db)
    const id = await pages.change(visit, { verb: 'create-item', subjectKind: 'subject', subjectIds: [subject.id] }, async (tx) => {
      const itemId = await aboutItem(tx, { id: subject.id, slug: subject.slug }, visit.now)
      await saveItem(tx, { itemId, language: defaultLanguage, words: wordsWith({ title: nameIn(subject, defaultLanguage, defaultLanguage) }), baseId: null, staffId: visit.staff.id }, visit.now)
      return itemId
    })
    return { to: itemPath(id, `/${defaultLanguage}`) }
  }, 'write-pages', { limited: true })
}

async function open(desk: Desk, visit: Visit): Promise<Subject> {
  const [subject] = await allSubjects(desk.db, { id: idOf(visit) })
  return notFoundUnless(orNotFound(subject), (each) => within(visit.reach, [each]))
}

async function subjectList(desk: Desk, { t, reach, reachOf }: Visit, typed: Typed = {}, faults: Faults = {}): Promise<DeskPage> {
  const { defaultLanguage } = await readPublisher(desk.db)
  const subjects = (await allSubjects(desk.db)).filter((each) => within(reach, [each]))
  const fields: Field[] = [{ name: 'subject_name', kind: 'line', maxLength: 200, required: true }, { name: 'subject_kind', kind: 'choice', choices: kinds.map((value) => ({ value, label: t(`subject.${value}`) })) }]
  return {
    title: t('nav.subjects'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }],
    body: html`${subjects.length > 0 && html`<div class="card"><ul class="todo">${subjects.map((each) => html`<li><a href="/subjects/${each.id}"><bdi>${nameIn(each, t.language, defaultLanguage)}</bdi></a> <span class="soft">${t(`subject.${each.kind}`)} · ${each.code}</span></li>`)}</ul></div>`}
${reachOf('publish-pages') === 'everywhere' && html`<h2>${t('subjects.new')}</h2>${form(t, { action: '/subjects', fields: formFields(t, fields, typed, faults), button: t('subjects.add'), faults })}`}`,
  }
}

/** What stands in the form of a place or topic, for whom it is. */
async function subjectTyped(desk: Desk, visit: Visit, subject: Subject): Promise<Typed> {
  const { languages } = await readPublisher(desk.db)
  const actions = (await actionsFor(desk, visit, subject)).filter(({ offered }) => offered)
  return {
    slug: subject.slug, ...(visit.reachOf('publish-pages') === 'everywhere' && { short_code: subject.code, lies_in: subject.parentId ?? '' }), subject_actions: actions.filter(({ chosen }) => chosen).map(({ id }) => id),
    ...Object.fromEntries(languages.map((language) => [`names.${language}`, subject.names.filter((each) => each.language === language).map(({ name }) => name).join('\n')])),
  }
}

async function subjectFields(desk: Desk, visit: Visit, subject: Subject): Promise<Field[]> {
  const { t } = visit
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  const actions = (await actionsFor(desk, visit, subject)).filter(({ offered }) => offered)
  const others = (await allSubjects(desk.db, { kind: subject.kind })).filter(({ id }) => id !== subject.id)
  const fields: (Field | false)[] = [
    ...languages.map((language): Field => ({ name: 'names', as: `names.${language}`, kind: 'text' })), { name: 'slug', kind: 'line', direction: 'ltr', maxLength: 80 }, visit.reachOf('publish-pages') === 'everywhere' && { name: 'short_code', kind: 'line', direction: 'ltr', narrow: true, maxLength: 6 },
    others.length > 0 && visit.reachOf('publish-pages') === 'everywhere' && { name: 'lies_in', kind: 'select', empty: t('subjects.lies-in-nothing'), choices: others.map((each) => ({ value: each.id, label: nameIn(each, t.language, defaultLanguage) })) },
    actions.length > 0 && { name: 'subject_actions', kind: 'ticks', choices: actions.map(({ id, title }) => ({ value: id, label: title })) },
  ]
  return fields.filter((each) => each !== false)
}

async function subjectPage(desk: Desk, visit: Visit, subject: Subject, given?: Typed, faults: Faults = {}, theirs: Html | false = false): Promise<DeskPage> {
  const { t } = visit
  const { defaultLanguage } = await readPublisher(desk.db)
  const about = await desk.db.selectFrom('items').select('id').where('subject_id', '=', subject.id).executeTakeFirst()
  const stands = await subjectTyped(desk, visit, subject)
  const typed = given ?? stands
  const fields = await subjectFields(desk, visit, subject)
  const fieldsIn = html`${stoodField(stands, given)}${fields.map((each) => html`${each.as && html`<h3>${t.languageName(each.as.split('.')[1]!)}</h3>`}${formFields(t, [each], typed, faults)}`)}`
  return {
    title: nameIn(subject, t.language, defaultLanguage), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/subjects', label: t('nav.subjects') }],
    body: html`${theirs}${await entriesPart(desk, visit, subject)}<div class="card"><h2>${t('subjects.text')}</h2><p>${t('subjects.text.why')}</p>${about ? html`<a class="btn" href="${itemPath(about.id)}">${t('subjects.open-text')}</a>` : button(`/subjects/${subject.id}/text`, t('subjects.write-text'), {}, '')}</div>
${visit.may('publish-pages') && within(visit.reachOf('publish-pages'), [subject]) && html`<p class="row"><a href="/subjects/${subject.id}/contacts">${t('contacts.link')}</a><a href="/subjects/${subject.id}/bulletin">${t('bulletin.link')}</a><a href="/records?about=${subject.id}">${t('nav.records')}</a><a href="/pictures?about=${subject.id}">${t('nav.pictures')}</a></p>`}
${visit.may('publish-pages') && within(visit.reachOf('publish-pages'), [subject]) && form(t, { action: `/subjects/${subject.id}`, fields: fieldsIn, button: t('save'), faults })}`,
  }
}

/** All actions with their titles: whether the subject's page leads to them, and whether this visit may change that. */
async function actionsFor(desk: Desk, { t, may, reachOf }: Visit, subject: Subject): Promise<{ id: string, title: string, chosen: boolean, offered: boolean }[]> {
  // Where a page leads to an action, who looks after the place looks after the action: nobody gets one of others that way.
  const reach: Reach = may('campaign') ? reachOf('campaign') : reachOf('publish-pages')
  const { rows } = await sql<{ id: string, title: string, chosen: boolean, offered: boolean }>`
    select id, ${titleIn(t.language)} as title, exists (select from subject_actions where subject_id = ${subject.id} and action_id = actions.id) as chosen, ${withinReach(reach)} as offered from actions order by title`.execute(desk.db)
  return rows
}
