import type { Check } from '#modules/publisher/index.ts'
import type { DeskWords } from './index.ts'

/** What a check found, in the reader's words: days and differences of clocks are said, addresses and codes stand as they are. */
export function foundSaid(t: DeskWords, { found, apart, at }: Check, zone: string): string | undefined {
  if (at) return t.day(at, zone)
  if (apart !== undefined) return apart < 120 ? t('check.clock.seconds', { seconds: Math.round(apart) }) : t('check.clock.minutes', { minutes: Math.round(apart / 60) })
  return found
}
