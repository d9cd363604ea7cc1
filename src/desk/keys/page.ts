import { html, type Html } from '#platform/html/html.ts'
import { keyId } from '#platform/sealing/index.ts'
import { recordKeys } from '#platform/secrets.ts'
import { rotations, type Rotation } from '#modules/keys/index.ts'
import { reachedAt } from '#modules/publisher/index.ts'
import type { Desk, KeyChangeAnswer } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import { stepList } from '../settings/publisher-pages.ts'
import { dkimCard } from './dkim.ts'
import { indexKeysOf } from './sheet.ts'
import type { Rotatable } from './routes.ts'

const crumbs = ({ t }: Visit) => [{ href: '/settings', label: t('nav.settings') }]
export const belowKeys = (visit: Visit) => [...crumbs(visit), { href: '/keys', label: visit.t('settings.keys') }]

interface Ring {
  kind: 'contact' | 'record' | 'index'
  /** Newest last. */
  names: string[]
}

/** All keys by their names: what each opens, since when, and how far everything is on its way to the newest. */
export async function keysPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, query, now, zone } = visit
  const setUp = query('setup') === '1'
  const all = await rotations(desk.db)
  const printed = await reachedAt(desk.db, 'recovery-sheet')
  const rings: Ring[] = [
    { kind: 'contact', names: desk.secrets.contact.map(keyId) }, { kind: 'record', names: recordKeys(desk.secrets).map(keyId) },
    { kind: 'index', names: (await indexKeysOf(desk, desk.db)).map(({ id }) => String(id)) },
  ]
  const standing = desk.recordLock.standing(now)
  return {
    title: t('settings.keys'), section: 'settings', crumbs: setUp ? [{ href: '/set-up', label: t('set-up.title') }] : crumbs(visit),
    body: html`${setUp && stepList(t, 'keys')}<div class="card">${(['keys.what', 'keys.loss', 'keys.theft', 'keys.sheet'] as const).map((word) => html`<p>${t(word)}</p>`)}
<p class="soft">${printed ? t('keys.printed', { moment: t.moment(printed, zone) }) : t('keys.not-printed')}</p>${button(`/keys/sheet${setUp ? '?setup=1' : ''}`, t('keys.show'), {}, '')}</div>
${!setUp && html`${rings.map((ring) => ringCard(visit, ring, all, zone, ring.kind === 'record' && recordPlaceLine(visit, standing, zone)))}${dkimCard(desk, visit, zone)}`}`,
  }
}

function ringCard({ t }: Visit, { kind, names }: Ring, all: Rotation[], zone: string, more: Html | false): Html {
  const newest = names.at(-1)!
  const moving = all.filter((each) => each.kind === kind && each.key === newest)
  const underWay = moving.some(({ endedAt }) => endedAt === null)
  return html`<section class="card" id="${kind}"><h2>${t(`keys.${kind}`)}</h2><p>${t(`keys.${kind}.what`)}</p><dl class="facts">
<dt>${t('keys.in-use')}</dt><dd><code dir="ltr">${newest}</code></dd>
${names.slice(0, -1).toReversed().map((name) => html`<dt>${t('keys.old')}</dt><dd><code dir="ltr">${name}</code>${kind === 'index' ? html`<br>${t('keys.index.stays')}` : !underWay && moving.length > 0 && html` <a href="/keys/destroy/${kind}/${name}">${t('keys.destroy')}</a>`}</dd>`)}
${together(moving).map((each) => html`<dt>${t('keys.moving')}</dt><dd>${progressOf(t, each)}<br><small class="soft">${t('keys.since', { moment: t.moment(each.startedAt, zone) })}</small></dd>`)}</dl>
${more}${kind !== 'record' || !more ? html`<p><a class="btn plain" href="/keys/rotate/${kind}">${t('keys.new')}</a></p>` : false}</section>`
}

/** What the worker and the desk each move to the same key, as one: who does which part is nobody's concern here. */
function together(moving: Rotation[]): Rotation[] {
  const [first, ...others] = moving
  return first ? [others.reduce((sum, each) => ({
    ...sum, underOld: sum.underOld + each.underOld, moved: sum.moved + each.moved, unreadable: sum.unreadable + each.unreadable,
    startedAt: sum.startedAt < each.startedAt ? sum.startedAt : each.startedAt, endedAt: sum.endedAt && each.endedAt && (sum.endedAt > each.endedAt ? sum.endedAt : each.endedAt),
  }), first)] : []
}

function progressOf(t: Visit['t'], { kind, underOld, moved, unreadable, endedAt }: Rotation): Html {
  const word = endedAt ? 'keys.done' : kind === 'index' && moved >= underOld ? 'keys.both' : 'keys.progress'
  return html`${t(word, { moved, total: Math.max(moved, underOld) })}${unreadable > 0 && html`<br>${t('keys.unreadable', { count: unreadable })}`}`
}

function recordPlaceLine({ t }: Visit, standing: ReturnType<Desk['recordLock']['standing']>, zone: string): Html {
  switch (standing.state) {
    case 'here': return html`<p>${t('keys.record.here')}</p><p class="row"><a class="btn plain" href="/keys/rotate/record">${t('keys.new')}</a> <a class="btn plain" href="/keys/outside">${t('keys.record.move-out')}</a></p>`
    case 'locked': return html`<div class="notice"><p>${t('keys.record.locked')}</p></div><p class="row"><a class="btn" href="/keys/open">${t('keys.record.open')}</a> <a class="btn plain" href="/keys/outside">${t('keys.record.file')}</a></p>`
    case 'open': return html`<div class="notice"><p>${t('keys.record.is-open', { moment: t.moment(standing.until, zone) })}</p></div><div class="row">${button('/keys/lock', t('keys.record.lock'), {}, '')}<a class="btn plain" href="/keys/outside">${t('keys.record.file')}</a></div>`
  }
}

/** What a new key changes, said before there is one. */
export async function beforeRotating(desk: Desk, visit: Visit, kind: Rotatable): Promise<DeskPage> {
  const { t } = visit
  const outside = kind === 'record' && desk.secrets.recordOutside !== undefined
  return {
    title: t(`keys.rotate.${kind}`), section: 'settings', crumbs: belowKeys(visit),
    body: outside ? html`<div class="card"><p>${t('keys.rotate.outside')}</p><p><a class="btn" href="/keys/outside">${t('keys.record.file')}</a></p></div>`
      : html`<div class="card"><p>${t(`keys.rotate.${kind}.what`)}</p>${kind !== 'dkim' && html`<p>${t('keys.rotate.sheet')}</p><p>${t('keys.rotate.backups')}</p><p>${t('keys.rotate.elsewhere')}</p>`}${button(`/keys/rotate/${kind}`, t('keys.rotate.go'), {}, '')}</div>`,
  }
}

/** What is lost with an old key, said before it is. */
export function beforeDestroying(visit: Visit, { kind, key }: { kind: 'contact' | 'record', key: string }, faults: Faults = {}): DeskPage {
  const { t } = visit
  return {
    title: t('keys.destroy.title', { key }), section: 'settings', crumbs: belowKeys(visit),
    body: html`<div class="notice"><p>${t('keys.destroy.what')}</p><p>${t('keys.destroy.backups')}</p></div>
${form(t, { action: `/keys/destroy/${kind}/${key}`, button: t('keys.destroy.go'), stop: true, faults, fields: formFields(t, [{ name: 'sure', kind: 'tick', required: true }], {}, faults) })}`,
  }
}

/** Why the keys are as they were. */
export function refusedPage(visit: Visit, answer: Exclude<KeyChangeAnswer, { outcome: 'done' }>): DeskPage {
  const { t } = visit
  const why = answer.outcome === 'elsewhere' ? html`<p>${t('keys.elsewhere')}</p><pre dir="ltr">npx clarion keys</pre>`
    : answer.why === 'left' ? html`<p>${t('keys.refused.left', { count: answer.left ?? 0 })}</p>` : answer.why === 'in-use' ? html`<p>${t('keys.refused.in-use')}</p>` : html`<p>${t('keys.refused')}</p>`
  return { title: t('keys.refused.title'), section: 'settings', status: 409, crumbs: belowKeys(visit), body: html`<div class="notice">${why}</div><p><a class="btn plain" href="/keys">${t('settings.keys')}</a></p>` }
}

