import { reading } from '#platform/db.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import type { Frame, PageParts } from '../look/layout.ts'
import { headOf } from './head.ts'
import { readRecords, readTexts, subjectBody } from './subject-body.ts'
import { allSubjects, subjectName, subjectPath } from './subjects.ts'

/** The page of a place or topic: what it is about, the latest, what to do, what is asked of whom, and the way to everything else. */
export async function subjectPage(site: Site, frame: Frame, subject: ShownSubject): Promise<PageParts | undefined> {
  // On two connections at once: counting takes as long as reading.
  const [{ text, ...texts }, records] = await Promise.all([reading(site.db, (tx) => readTexts(tx, frame, subject)), reading(site.db, (tx) => readRecords(tx, subject))])
  if (!text) return undefined
  const { name } = subjectName(frame, subject)
  const path = subjectPath(subject)
  const { summary } = text.shown.words
  return {
    title: name, path, description: summary, reading: true, exit: text.rendered.notices.length > 0 || texts.entries.some(({ rendered }) => rendered.notices.length > 0),
    head: headOf(site, frame, { path, title: name, description: summary, language: text.shown.language, published: text.item.publishedAt, updated: text.item.updatedAt, feeds: path, type: 'CollectionPage', picture: text.lead, revision: text.shown.revisionId }),
    body: subjectBody(frame, subject, text, { ...texts, ...records }, {
      all: await allSubjects(site), actions: await site.list.get(''), byMail: (await site.bulletinQuestions.get('')).length > 0,
    }),
  }
}
