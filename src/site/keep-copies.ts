import { needsArea } from '#modules/messages/index.ts'
import type { Site } from './context.ts'
import { areaLists, findTargets } from './messages/finding.ts'

const everySeconds = 60
/** Constituencies of one action that are kept: the largest parliaments have about as many. */
const mostAreas = 1000

/**
 * Reads now and then what pages are made from, before anybody asks: so all of them can be made, in every language, while the database is
 * away, and a letter can be printed for every constituency. What was read last is kept as long as this process lives.
 */
export function keepCopies(site: Site): { stop(): void } {
  let round = 0
  const keep = async () => {
    const { publisher: { defaultLanguage: language } } = await site.publisher.get('')
    await site.door.limits.get('')
    await site.news.get('')
    for (const action of await site.list.get('')) {
      await site.answers.get(action.id)
      if (action.standing !== 'open') continue
      if (action.kind === 'petition') {
        await site.names.get(action.id)
        continue
      }
      const areas = needsArea(action.targets) ? (await areaLists(site, action)).slice(0, mostAreas) : [undefined]
      // Who represents whom changes seldom: it is read again every ten minutes, some at a time.
      if (round % 10 > 0) continue
      for (let from = 0; from < areas.length; from += 50) await Promise.all(areas.slice(from, from + 50).map((area) => findTargets(site, action, { area: area?.id }, { language })))
    }
    round += 1
  }
  const quietly = () => void keep().catch(() => {})
  quietly()
  const timer = setInterval(quietly, everySeconds * 1000)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
