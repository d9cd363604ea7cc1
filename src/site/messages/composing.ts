import { createHash } from 'node:crypto'
import { field, fields } from '#platform/http/server.ts'
import { remembered } from '#platform/remembered.ts'
import { countryNameIn } from '#platform/formats.ts'
import type { PublicAction, WrittenMessage } from '#modules/actions/index.ts'
import { factsKept, getsDigest, startingText, templateFor, type Addressed, type ChosenTarget, type MessageTemplate, type Selected, type Writer } from '#modules/messages/index.ts'
import { localName, type AreaFacts } from '#modules/targets/index.ts'
import { typedIn, type Details } from '../actions/details-form.ts'
import type { ActionView } from '../actions/parts.ts'
import type { Faults, Typed } from '../forms/fields.ts'
import type { SiteWords } from '../words/index.ts'
import { seedOf, type Finding } from './finding.ts'

export type Found = Extract<Finding, { result: 'found' }>

/** Words for those targets that get the same ones. */
export interface Part extends Addressed {
  template: MessageTemplate
  /** Stands behind the names of its fields; empty for the action's own words. */
  suffix: string
  subject: string
  body: string
  /** What the body was before anybody edited it. */
  start: string
}

export interface ComposeState {
  found: Found
  details: Details
  writer: Writer
  /** Everything of the first page, to be handed on. */
  carried: Typed
  shown: string[]
  picked: string[]
  parts: Part[]
  /** Who the page shows as readers, with which words. */
  seen: string
  /** Ways other than e-mail that the supporter says they have used. */
  done: string[]
  faults: Faults
  notice?: string
  copy?: boolean
}

const composedName = /^(?:subject|body|start)(?:-[0-9a-f]{8})?$/

/** Fields of page two that travel back and forth, however many texts it had. */
export function composedNames(body: unknown): string[] {
  return Object.keys((body ?? {})).filter((name) => composedName.test(name))
}

/** What somebody has written so far, to give it back to them. */
export function composedWords(typed: Typed): (string | undefined)[] {
  return composedNames(typed).filter((name) => !name.startsWith('start')).map((name) => typed[name])
}

/** The details of page one that travel with page two. */
export function carriedFrom(body: unknown): Typed {
  const { comment: _, ...carried } = typedIn(body)
  return { ...carried, s: field(body, 's'), key: field(body, 'key'), in: field(body, 'in'), ...Object.fromEntries(composedNames(body).map((name) => [name, field(body, name)])) }
}

/**
 * The details as they stand in the words: with the code that led to the area, also where the form does not keep it otherwise. Page two
 * carries it as it was found.
 */
export function detailsInWords(action: PublicAction, details: Details, finding: { code?: string }, body: unknown): Details {
  const carried = action.schemeId && field(body, 'area') ? field(body, 'postcode').replace(/\s+/g, ' ').trim().slice(0, 20) : ''
  return { ...details, postcode: finding.code ?? details.postcode ?? (carried || undefined) }
}

export function writerOf(view: ActionView, details: Details, { area, facts }: { area: AreaFacts | undefined, facts: Record<string, string> | undefined }): Writer {
  return {
    name: details.name, area: area && localName(area, view.words.language), postcode: details.postcode, postalAddress: view.action.options.postalAddress === 'no' ? undefined : details.postalAddress,
    country: details.country && countryNameIn(view.words.language, details.country), facts,
  }
}

/** Stands behind the names of a text's fields. */
export function suffixOf({ variant }: Pick<Addressed, 'variant'>): string {
  return variant ? `-${variant.slice(0, 8)}` : ''
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/**
 * The texts to edit: fresh from the publisher, or what the supporter has made of them. Somebody who went back and now lives
 * elsewhere keeps their edits, and is told if the text they started from would be another one now.
 */
export function startComposing(view: ActionView, found: Found, details: Details, body: unknown): ComposeState {
  const { action, frame: { t } } = view
  const writer = writerOf(view, details, found)
  const carried = { ...carriedFrom(body), postcode: details.postcode }
  for (const name of composedNames(body)) delete carried[name as keyof typeof carried]
  let otherStart = false
  const parts = found.selected.letters.map(({ variant, targets }): Part => {
    const template = templateFor(view.words.words, variant)
    const suffix = suffixOf({ variant })
    const fresh = startingText(template, writer, () => seedOf(body))
    const start = fingerprint(fresh.body)
    const typed = field(body, `body${suffix}`)
    const former = field(body, `start${suffix}`)
    const kept = typed !== '' && former !== '' && action.options.editing === 'editable' && fingerprint(typed.trim()) !== former
    if (kept && former !== start) otherStart = true
    Object.assign(carried, { [`start${suffix}`]: start })
    return { variant, targets, template, suffix, subject: field(body, `subject${suffix}`) || fresh.subject, body: kept ? typed : fresh.body, start: fresh.body }
  })
  return {
    found, details, writer, parts, faults: {}, shown: fields(body, 'shown'), picked: fields(body, 'to'), done: fields(body, 'done'), seen: seenBy(found), copy: field(body, 'copy') === 'yes',
    carried: { ...carried, ...(found.area && { area: found.area.id }) }, notice: otherStart ? t('compose.kept-edits') : undefined,
  }
}

/**
 * A mark of who reads what, as the page names them: offices, who holds each, and whether their messages wait. What comes back with
 * another one was written to others than it would go to.
 */
export function seenBy({ selected }: Found): string {
  return markOf(selected)
}

const markOf = remembered(({ letters, copies }: Selected) => {
  const named = (targets: ChosenTarget[]) => targets.map(({ office, held }) => [office.id, held === true, ...office.holders.map((holder) => holder.id)])
  return fingerprint(JSON.stringify([...letters.map(({ variant, targets }) => [variant, ...named(targets)]), named(copies)]))
})

/** The offices that get this in one mail with others', by the rules of this moment. */
export function digestOffices({ action }: Pick<ActionView, 'action'>, targets: ChosenTarget[]): string[] {
  return targets.flatMap(({ office }) => (getsDigest(office, action.options) ? [office.id] : [])).toSorted()
}

/** A text as it leaves: for which targets, in whose words. */
interface Text extends Addressed {
  subject: string
  body: string
}

/** The texts as they leave, and what is wrong with them. What is fresh from the publisher is made only where people cannot change it. */
export function readTexts(t: SiteWords, view: ActionView, found: Found, details: Details, posted: unknown): { texts: Text[], faults: Faults } {
  const { editing, subjectLimit, bodyLimit } = view.action.options
  const faults: Faults = {}
  const texts = found.selected.letters.map((letter): Text => {
    const suffix = suffixOf(letter)
    const subject = field(posted, `subject${suffix}`).replace(/\s+/g, ' ').trim()
    const body = editing === 'locked' ? startingText(templateFor(view.words.words, letter.variant), writerOf(view, details, found), () => seedOf(posted)).body : field(posted, `body${suffix}`).trim()
    if (!subject) faults[`subject${suffix}`] = t('fault.subject')
    else if (subject.length > subjectLimit) faults[`subject${suffix}`] = subjectLimit === 200 ? t('fault.subject-long') : t('fault.too-many', { limit: subjectLimit, over: subject.length - subjectLimit })
    if (!body) faults[`body${suffix}`] = t('fault.body')
    else if (body.length > bodyLimit && editing !== 'locked') faults[`body${suffix}`] = bodyLimit === 20_000 ? t('fault.body-long') : t('fault.too-many', { limit: bodyLimit, over: body.length - bodyLimit })
    return { ...letter, subject, body }
  })
  return { texts, faults }
}

/** What is handed in: the first text as the message, and others beside it where the rules ask for them. */
export function writtenFrom(view: ActionView, found: Found, details: Details, texts: Text[], posted: unknown): WrittenMessage {
  const { action, words } = view
  const { targets: readers, copies: informed } = found.selected
  const letters = texts.map(({ variant, subject, body, targets }) => ({ ...(variant && { variant }), subject, body, offices: targets.map(({ office }) => office.id) }))
  const [first, ...more] = letters as [typeof letters[number], ...typeof letters]
  const copies = informed.map(({ office }) => office.id)
  const facts = found.facts && factsKept(texts.map(({ variant }) => templateFor(words.words, variant)), found.facts)
  return {
    revision: words.revisionId, ...first, ...(more.length && { more }), ...(copies.length && { copies }), ...(facts && { facts }), copy: field(posted, 'copy') === 'yes' && action.options.copy,
    holdersOf: Object.fromEntries([...readers, ...informed].map(({ office }) => [office.id, office.holders.map((holder) => holder.id)])),
    told: { digest: digestOffices(view, readers), asked: field(posted, 'asked') === 'yes' },
    postalAddress: action.options.postalAddress === 'no' ? undefined : details.postalAddress, postcode: details.postcode,
  }
}
