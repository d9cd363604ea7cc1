import { html } from '#platform/html/html.ts'
import { fields } from '#platform/http/server.ts'
import { findAction, newestRevisions, setStatements, statementIds } from '#modules/actions/index.ts'
import { controllers, statements } from '#modules/people/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields } from '../forms.ts'
import { idOf, orNotFound, type DeskPages } from '../pages.ts'
import { titleOf } from './naming.ts'

/** Which consent statements an action asks. */
export function questionRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/questions', async (visit) => {
    const { t } = visit
    const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
    const revisions = await newestRevisions(desk.db, action.id)
    const known = await controllers(desk.db)
    const all = (await statements(desk.db)).filter((statement) => !statement.retired && statement.purpose !== 'bulletin')
    return {
      title: t('action.questions'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
      body: html`${form(t, {
        action: `/actions/${action.id}/questions`, button: t('save'),
        fields: formFields(t, [{
          name: 'statements', kind: 'ticks', choices: all.map((statement) => ({
            value: statement.id, label: (statement.wordings[t.language] ?? Object.values(statement.wordings)[0])?.wording ?? '',
            help: t('statement.line', { channel: t(`channel.${statement.channel}`), controller: controllerName(known, statement.controllerId, t.language) }),
          })),
        }], { statements: await statementIds(desk.db, action.id) }),
      })}${visit.may('keep-data') && html`<p><a href="/settings/statements">${t('settings.statements')}</a></p>`}`,
    }
  }, 'campaign')

  pages.post('/actions/:id/questions', async (visit) => {
    const id = idOf(visit)
    const chosen = new Set(fields(visit.body, 'statements'))
    await pages.change(visit, { verb: 'set-questions', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      await setStatements(tx, id, (await statements(tx)).filter((statement) => chosen.has(statement.id) && !statement.retired).map((statement) => statement.id))
    })
    return { to: `/actions/${id}`, said: 'said.saved' }
  }, 'campaign')
}

export function controllerName(known: { id: string, names: Record<string, string> }[], id: string, language: string): string {
  const names = known.find((each) => each.id === id)?.names ?? {}
  return names[language] ?? Object.values(names)[0] ?? ''
}
