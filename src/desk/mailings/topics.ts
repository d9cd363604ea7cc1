import { html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { newsletterTopics, offerTopics, topicReaders } from '#modules/mailings/index.ts'
import { addSubject, allSubjects, nameIn } from '#modules/places/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { mailingCrumbs } from './page.ts'

/** What newsletters can be about, for those who choose it: the publisher's places and topics that are offered, and new ones. */
export function topicRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/topics', (visit) => topicsPage(desk, visit), 'mail-supporters')

  pages.post('/mailings/topics', async (visit): Promise<Answer> => {
    const { body, now } = visit
    const { defaultLanguage } = await readPublisher(desk.db)
    const all = await allSubjects(desk.db)
    const name = field(body, 'newsletter_new_topic').replace(/\s+/g, ' ').trim().slice(0, 200)
    const known = (id: string) => all.some((each) => each.id === id)
    const [chosen, stood] = [fields(body, 'newsletter_topics').filter(known), fields(body, 'stood').filter(known)]
    const same = all.find(({ names }) => names.some((each) => each.name.toLowerCase() === name.toLowerCase()))
    await pages.change(visit, { verb: 'offer-topics', subjectKind: 'settings', subjectIds: [] }, async (tx) => {
      const added = !name ? [] : [same?.id ?? await addSubject(tx, { kind: 'topic', language: defaultLanguage, name }, now)]
      // What somebody else has ticked or unticked since the page was opened stands.
      await offerTopics(tx, { more: [...chosen.filter((id) => !stood.includes(id)), ...added], fewer: stood.filter((id) => !chosen.includes(id) && !added.includes(id)) }, now)
    })
    return { to: '/mailings/topics', said: 'said.saved' }
  }, 'mail-supporters')
}

async function topicsPage(desk: Desk, { t }: Visit): Promise<DeskPage> {
  const { defaultLanguage } = await readPublisher(desk.db)
  const offered = new Set((await newsletterTopics(desk.db)).map(({ id }) => id))
  const readers = await topicReaders(desk.db)
  const all = (await allSubjects(desk.db)).map((each) => ({ ...each, name: nameIn(each, t.language, defaultLanguage) }))
    .toSorted((one, other) => Number(offered.has(other.id)) - Number(offered.has(one.id)) || one.name.localeCompare(other.name, t.language))
  return {
    title: t('topics.title'), section: 'mailings', crumbs: mailingCrumbs(t),
    body: html`<p>${t('topics.why')}</p>${form(t, {
      action: '/mailings/topics', button: t('save'),
      fields: html`${[...offered].map((id) => html`<input type="hidden" name="stood" value="${id}">`)}${formFields(t, [
        all.length > 0 && { name: 'newsletter_topics', kind: 'ticks', choices: all.map(({ id, kind, name }) => ({ value: id, label: name, help: [t(`subject.${kind}`), (offered.has(id) || readers.has(id)) && t('topics.readers', { count: readers.get(id) ?? 0 })].filter(Boolean).join(' · ') })) },
        { name: 'newsletter_new_topic', kind: 'line', maxLength: 200 },
      ], { newsletter_topics: [...offered] })}`,
    })}`,
  }
}
