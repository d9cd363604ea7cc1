import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { nativeName } from '#platform/formats.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { contentPolicy } from '#platform/http/security.ts'
import { interfaceLanguages } from '#platform/words.ts'
import type { Ability, Staff } from '#modules/staff/index.ts'
import { editingScriptPath } from './scripts.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { withFieldNames } from './field-names.ts'

const style = readFileSync(new URL('style.css', import.meta.url), 'utf8').replace(/\s*\n\s*/g, '')
export const deskScript = readFileSync(new URL('../client/desk.js', import.meta.url))
export const passkeyScript = readFileSync(createRequire(import.meta.url).resolve('@simplewebauthn/browser').replace(/(dist|esm|script)\/.*$/, 'dist/bundle/index.umd.min.js'))
const version = createHash('sha256').update(deskScript).update(passkeyScript).digest('hex').slice(0, 12)
export const deskScriptPath = `/assets/desk-${version}.js`
export const passkeyScriptPath = `/assets/passkeys-${version}.js`

const loads = { styles: [style], connect: "'self'", images: "'self' data: blob:" }
export const deskPolicy = contentPolicy(loads)
/** The same for a page that shows another of its own within itself. */
export const framingPolicy = contentPolicy({ ...loads, frames: "'self'" })

export const sections = ['today', 'actions', 'items', 'targets', 'supporters', 'mailings', 'outbox', 'settings'] as const
export type Section = (typeof sections)[number]

/** What each section of the menu is for: any one of these. */
export const sectionAsks: Record<Section, readonly Ability[]> = {
  today: ['desk'], actions: ['see-actions'], items: ['write-pages', 'translate'], targets: ['see-targets'], supporters: ['open-people'], mailings: ['mail-supporters'], outbox: ['see-outbox'],
  settings: ['settings', 'keep-data', 'guard-counts', 'staff', 'sessions', 'lock-everything', 'keys', 'go-live', 'switches', 'health', 'audit'],
}

export interface DeskPage {
  title: string
  section?: Section
  /** Where this page hangs: its parents. */
  crumbs?: { href: string, label: string }[]
  /** Buttons beside the heading. */
  buttons?: Html | false
  body: Html
  passkeys?: boolean
  /** Texts are written here. */
  editing?: boolean
  /** Another page of the desk is shown within it. */
  frames?: boolean
  /** What somebody typed is in it and nowhere else: nothing on it leads away in the same tab. */
  holdsWords?: boolean
  status?: number
}

export interface DeskFrame {
  t: DeskWords
  publisherName: string
  staff: Staff | undefined
  may: (ability: Ability) => boolean
  /** Whether mails stay on this machine. */
  practice: boolean
  /** Whether everything is locked. */
  locked: boolean
  siteOrigin: string
  inbox: string
  path: string
  waiting: number
  said?: { word: DeskWord, undo?: { id: string, seconds: number } }
  noSecondFactor: boolean
}

/** A whole page of the desk; without a staff member only what somebody outside may see. */
export function deskLayout(frame: DeskFrame, page: DeskPage): Html {
  const { t, staff } = frame
  return html`<html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${page.title} – ${t('desk')}</title><link rel="icon" href="/assets/icon.svg" type="image/svg+xml"><style>${raw(style)}</style></head>
<body${!staff && html` class="alone"`}><a class="skip" href="#main">${t('skip')}</a>${staff && side(frame, staff, page.section)}
<main id="main">${staff && practiceBar(frame)}${frame.locked && html`<div class="notice"><p>${staff ? html`${t('lock.is')} <a href="/lock">${t('lock.end')}</a>` : t('lock.outside')}</p></div>`}${frame.noSecondFactor && html`<div class="notice"><p>${t.html('account.unsafe', { link: (inside) => html`<a href="/account">${inside}</a>` })}</p></div>`}
${frame.said && html`<div class="said" role="status"><p>${t(frame.said.word)}</p>${frame.said.undo && html`<form method="post" action="/undo/${frame.said.undo.id}" class="undo" data-left="${frame.said.undo.seconds}s"><button class="plain">${t('undo')}</button></form>`}</div>`}
${page.crumbs && html`<p class="crumb">${page.crumbs.map(({ href, label }, place) => html`${place > 0 && ' / '}<a href="${href}"><bdi>${label}</bdi></a>`)}</p>`}
<div class="head"><h1><bdi>${page.title}</bdi></h1>${page.buttons && html`<div class="row">${page.buttons}</div>`}</div>${withFieldNames(t, page.body)}
${!staff && !page.holdsWords && html`<p class="others">${interfaceLanguages.filter((language) => language !== t.language).map((language) => html`<a href="?lang=${language}" lang="${language}">${nativeName(language)}</a> `)}</p>`}</main>
${page.passkeys && html`<script src="${passkeyScriptPath}" defer></script>`}<script src="${deskScriptPath}" defer></script>${page.editing && html`<script src="${editingScriptPath}" type="module"></script>`}</body></html>`
}

function side({ t, publisherName, waiting, path, may }: DeskFrame, staff: Staff, current: Section | undefined): Html {
  const hrefs: Record<Section, string> = { today: '/', actions: '/actions', items: '/items', targets: '/targets', supporters: '/supporters', mailings: '/mailings', outbox: '/outbox', settings: '/settings' }
  const shown = sections.filter((section) => sectionAsks[section].some(may))
  return html`<nav class="side" aria-label="${t('desk')}"><strong><bdi>${publisherName}</bdi></strong><ul>${shown.map((section) => html`<li><a href="${hrefs[section]}"${section === current && html` aria-current="page"`}>${t(`nav.${section}`)}${section === 'today' && waiting > 0 && html` <b>${t.number(waiting)}</b>`}</a></li>`)}</ul>
<ul class="me"><li><a href="/account"${path === '/account' && html` aria-current="page"`}><bdi>${staff.name}</bdi></a></li><li><form method="post" action="/sign-out"><button class="link">${t('sign-out')}</button></form></li></ul></nav>`
}

function practiceBar({ t, practice, inbox, may }: DeskFrame): Html | false {
  return practice && html`<div class="practice" role="note"><span>${t.html('practice', { strong: (inside) => html`<strong>${inside}</strong>` })}</span><a href="${inbox}">${t('practice.inbox')}</a>${may('go-live') && html`<a href="/going-live">${t('practice.go-live')}</a>`}</div>`
}
