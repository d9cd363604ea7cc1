import { siteWords } from './words/index.ts'
import type { Db } from '#platform/db.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { whatIsOff, type SwitchName } from '#modules/switches/index.ts'
import type { Frame } from './look/layout.ts'

export type Off = ReadonlySet<SwitchName>

export const nothingOff: Off = new Set()

const lookEvery = 400

/**
 * Knows what is switched off, no more than half a second late, and tells whoever keeps pages when that changes. While the database is away it
 * stays as it was.
 */
export class Switchboard {
  readonly #db: Db
  readonly #timer: NodeJS.Timeout
  readonly #listeners: (() => void)[] = []
  #off: Off | undefined
  #looking: Promise<Off> | undefined

  constructor(db: Db) {
    this.#db = db
    this.#timer = setInterval(() => void this.#look().catch(() => {}), lookEvery)
    this.#timer.unref()
  }

  off(): Off | Promise<Off> {
    return this.#off ?? this.#look()
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): Promise<Off> {
    this.#looking ??= whatIsOff(this.#db).then((off) => {
      const changed = this.#off !== undefined && this.#off.symmetricDifference(off).size > 0
      this.#off = off
      if (changed) for (const listener of this.#listeners) listener()
      return off
    }).finally(() => { this.#looking = undefined })
    return this.#looking
  }
}

/** An action as it is shown while something is off: without its count, its picture or its codes. Areas can still be chosen from a list. */
export function shownAction(action: PublicAction, off: Off): PublicAction {
  if (off.size === 0) return action
  return {
    ...action,
    ...(off.has('lookup') && { schemeId: null }), ...(off.has('images') && { image: undefined }),
    ...(off.has('counts') && { total: 0, countChanges: [], areaTotals: [], countryTotals: [], options: { ...action.options, showCountFrom: Number.POSITIVE_INFINITY } }),
  }
}

/** The publisher as it is shown while something is off. Its default language is always on: everything else falls back on it. */
export function shownPublisher(publisher: Publisher, off: Off): Publisher {
  if (off.size === 0) return publisher
  return { ...publisher, ...(off.has('images') && { logo: null }), languages: publisher.languages.filter((language) => language === publisher.defaultLanguage || !off.has(`language:${language}`)) }
}

/** The frame in the publisher's default language, for a form that came from a page in a language that is off. */
export function inDefaultLanguage(frame: Frame): Frame {
  return { ...frame, t: siteWords(frame.publisher.defaultLanguage), languageOff: undefined, movedFrom: frame.t.language }
}

/** Why a form is not taken at the moment, in words for above the form that gives back what was typed; nothing if it is. */
export function notTaken({ t, off, movedFrom }: Frame): string | undefined {
  if (off.has('signing')) return t('switch.signing.form')
  return movedFrom === undefined ? undefined : t('switch.language.form', { language: t.languageName(movedFrom) })
}
