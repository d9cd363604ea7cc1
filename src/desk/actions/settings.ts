import { sql } from '#platform/db.ts'
import { field, fields } from '#platform/http/server.ts'
import { isZone } from '#platform/local-time.ts'
import { isSlug } from '#platform/slug.ts'
import { isUuid } from '#platform/uuid.ts'
import { actionOptions, changeAction, findAction, newestRevisions, shareChannels, titleIn, type Action, type ActionOptions, type Revision } from '#modules/actions/index.ts'
import { allSchemes } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { titleOf } from './naming.ts'
import { retarget } from './retargeting.ts'
import { readTime, toLocal, whichField, whichOfTwo, zones } from './times.ts'

export function settingsRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/settings', async (visit) => {
    const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
    return settingsPage(desk, visit, action, typedFrom(action), {})
  }, 'campaign')

  pages.post('/actions/:id/settings', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
    const { changes, faults, typed } = read(visit, action)
    const { rows } = await sql`select 1 from actions where slug = ${field(body, 'slug')} and id <> ${action.id}`.execute(desk.db)
    if (rows.length) faults.slug = t('fault.slug-taken')
    if (action.state !== 'draft') Object.assign(faults, tooTight(t, changes.options, await newestRevisions(desk.db, action.id)))
    if (Object.keys(faults).length) return { ...await settingsPage(desk, visit, action, typed, faults), status: 422 }
    const refused = await retarget(pages, visit, { verb: 'change-settings', subjectKind: 'action', subjectIds: [action.id] }, (tx) => changeAction(tx, action.id, changes))
    if (refused) return { ...await settingsPage(desk, visit, action, typed, { country: refused }), status: 422 }
    return { to: `/actions/${action.id}`, said: 'said.saved' }
  }, 'campaign')
}

/** Limits that the words of a public action are longer than: whoever starts from them could not send them. */
function tooTight(t: DeskWords, { subjectLimit, bodyLimit, scriptLimit }: ActionOptions, revisions: Revision[]): Faults {
  const letters = revisions.flatMap(({ words }) => [words, ...words.variants])
  const longest = (texts: string[]) => Math.max(0, ...texts.map((text) => text.trim().length))
  const asked = [
    ['subject_limit', subjectLimit, longest(letters.flatMap((each) => [each.subject, ...each.subjects]))], ['body_limit', bodyLimit, longest(letters.map((each) => each.body))],
    ['script_limit', scriptLimit, longest(revisions.map(({ words }) => words.script))],
  ] as const
  return Object.fromEntries(asked.flatMap(([name, limit, present]) => (present > limit ? [[name, t('fault.words-longer', { present })]] : [])))
}

function typedFrom(action: Action): Typed {
  const { options } = action
  return {
    slug: action.slug, zone: action.zone, opens: toLocal(action.opensAt, action.zone), opens_which: whichOfTwo(action.opensAt, action.zone),
    closes: toLocal(action.closesAt, action.zone), closes_which: whichOfTwo(action.closesAt, action.zone), scheme: action.schemeId ?? '',
    country: options.country, postcode: options.postcode, goal: options.goal.kind, goal_value: options.goal.kind === 'fixed' ? String(options.goal.value) : '', count_from: String(options.showCountFrom),
    comment: options.comment ? 'yes' : '', editing: options.editing, copy: options.copy ? 'yes' : '', postal_address: options.postalAddress, daily_cap: String(options.dailyCap), digest: options.digest ? 'yes' : '', ask_reply: options.askReply ? 'yes' : '', subject_limit: String(options.subjectLimit), body_limit: String(options.bodyLimit), script_limit: String(options.scriptLimit),
    share: action.shareChannels, next: action.nextActionId ?? '',
  }
}

const names = ['slug', 'zone', 'opens', 'opens_which', 'closes', 'closes_which', 'scheme', 'country', 'postcode', 'goal', 'goal_value', 'count_from', 'comment', 'editing', 'copy', 'postal_address', 'daily_cap', 'digest', 'ask_reply', 'subject_limit', 'body_limit', 'script_limit', 'next'] as const

function read({ t, body, now, zone: usualZone }: Visit, action: Action) {
  const typed: Typed = { ...Object.fromEntries(names.map((name) => [name, field(body, name).trim()])), share: fields(body, 'share') }
  const text = (name: (typeof names)[number]) => typed[name] as string
  const faults: Faults = {}
  // A clock that is mistyped would move every time on this page by hours.
  if (text('zone') && !isZone(text('zone'))) faults.zone = t('fault.zone')
  const zone = isZone(text('zone')) ? text('zone') : usualZone
  const time = (name: 'opens' | 'closes', present: Date | null) => {
    const { moment, fault } = readTime(t, { text: text(name), which: text(`${name}_which`), zone, present }, now)
    if (fault) faults[name] = fault
    return moment
  }
  const opensAt = time('opens', action.opensAt)
  const closesAt = time('closes', action.closesAt)
  if (opensAt && closesAt && closesAt <= opensAt) faults.closes = t('fault.closes-before')
  if (!isSlug(text('slug'))) faults.slug = t('fault.slug')
  const options = readOptions(action, text)
  if (!options) faults[action.kind === 'message' ? numberFault(text) : text('goal') === 'fixed' ? 'goal_value' : 'count_from'] = t('fault.number')
  return {
    typed, faults, changes: {
      slug: text('slug'), zone, opensAt, closesAt, schemeId: action.kind === 'petition' ? text('scheme') || null : action.schemeId, options: options ?? action.options,
      shareChannels: shareChannels.filter((channel) => typed.share?.includes(channel)), nextActionId: isUuid(text('next')) ? text('next') : null,
    },
  }
}

/** Which of a message's numbers cannot be. */
function numberFault(text: (name: (typeof names)[number]) => string): string {
  const limits = { daily_cap: [1, 10_000], subject_limit: [10, 200], body_limit: [50, 20_000], script_limit: [50, 3000] } as const
  return Object.entries(limits).find(([name, [least, most]]) => {
    const value = Number(text(name as keyof typeof limits) || least)
    return !Number.isInteger(value) || value < least || value > most
  })?.[0] ?? 'count_from'
}

function readOptions(action: Action, text: (name: (typeof names)[number]) => string): ActionOptions | undefined {
  return actionOptions.safeParse({
    ...action.options, country: text('country') || 'no', postcode: text('postcode') || 'no',
    ...(action.kind === 'petition' ? {
      goal: text('goal') === 'fixed' ? { kind: 'fixed', value: Number(text('goal_value')) } : { kind: text('goal') || 'none' }, showCountFrom: Number(text('count_from') || 0), comment: text('comment') === 'yes',
    } : { editing: text('editing') || 'editable', copy: text('copy') === 'yes', postalAddress: text('postal_address') || 'no', dailyCap: Number(text('daily_cap') || 500), digest: text('digest') === 'yes', askReply: text('ask_reply') === 'yes', subjectLimit: Number(text('subject_limit') || 200), bodyLimit: Number(text('body_limit') || 20_000), scriptLimit: Number(text('script_limit') || 3000), showCountFrom: Number(text('count_from') || 0) }),
  }).data
}

async function settingsPage(desk: Desk, { t }: Visit, action: Action, typed: Typed, faults: Faults): Promise<DeskPage> {
  const revisions = await newestRevisions(desk.db, action.id)
  const schemes = await allSchemes(desk.db)
  const { rows: others } = await sql<{ id: string, title: string }>`
    select id, ${titleIn(t.language)} as title
    from actions where id <> ${action.id} order by created_at desc limit 100`.execute(desk.db)
  const which = (name: 'opens' | 'closes') => whichField(t, `${name}_which`, typed[name] as string, typed.zone as string)
  const asked = (['no', 'optional', 'required'] as const).map((value) => ({ value, label: t(`asked.${value}`) }))
  const petition: Field[] = [
    { name: 'scheme', kind: 'select', empty: t('f.scheme.none'), choices: schemes.map((scheme) => ({ value: scheme.id, label: `${scheme.names[t.language] ?? scheme.names.en ?? scheme.id} (${scheme.id})` })) },
    { name: 'goal', kind: 'choice', choices: (['none', 'fixed', 'ladder'] as const).map((value) => ({ value, label: t(`goal.${value}`), help: t(`goal.${value}.help`) })) },
    { name: 'goal_value', kind: 'number', narrow: true }, { name: 'comment', kind: 'tick' },
  ]
  const message: Field[] = [
    { name: 'editing', kind: 'choice', choices: (['editable', 'locked'] as const).map((value) => ({ value, label: t(`editing.${value}`), help: t(`editing.${value}.help`) })) },
    { name: 'copy', kind: 'tick' }, { name: 'postal_address', kind: 'choice', choices: asked }, { name: 'daily_cap', kind: 'number', narrow: true },
    { name: 'digest', kind: 'tick' }, { name: 'ask_reply', kind: 'tick' },
    { name: 'subject_limit', kind: 'number', narrow: true }, { name: 'body_limit', kind: 'number', narrow: true }, { name: 'script_limit', kind: 'number', narrow: true },
  ]
  return {
    title: t('action.settings'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    body: form(t, {
      action: `/actions/${action.id}/settings`, button: t('save'), faults, keep: true,
      fields: formFields(t, [
        { name: 'slug', kind: 'line', required: true, direction: 'ltr', maxLength: 80 },
        { name: 'opens', kind: 'datetime-local', narrow: true }, which('opens'), { name: 'closes', kind: 'datetime-local', narrow: true }, which('closes'), { name: 'zone', kind: 'line', list: zones(), direction: 'ltr', narrow: true },
        { name: 'country', kind: 'choice', choices: asked }, { name: 'postcode', kind: 'choice', choices: asked }, ...(action.kind === 'petition' ? petition : message), { name: 'count_from', kind: 'number', narrow: true },
        { name: 'share', kind: 'ticks', choices: shareChannels.map((value) => ({ value, label: t(`share.${value}`) })) },
        { name: 'next', kind: 'select', empty: t('f.next.none'), choices: others.map((other) => ({ value: other.id, label: other.title })) },
      ], typed, faults),
    }),
  }
}
