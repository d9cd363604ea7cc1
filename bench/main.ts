/** `npm run bench [-- --only a,b]`: measures what the README promises about speed, each beside its reference; one JSON object a line. */
import { lookupTime, pointTime } from './looking-up.ts'
import { confirmDelay, mailRate } from './mailing.ts'
import { mailing } from './mailing-many.ts'
import { importTime } from './importing.ts'
import { crowd, overload, soak } from './crowding.ts'
import { dataAnswers, dataPage } from './own-data.ts'
import { digest } from './digest.ts'
import { erase } from './erasing.ts'
import { exporting } from './exporting.ts'
import { signHot } from './hot.ts'
import { uncached } from './many-items.ts'
import { memory } from './memory.ts'
import { count, feed, itemPage, page, placePage, weight } from './reading.ts'
import { deskSave, publish } from './publishing.ts'
import { rotateRate } from './rotating.ts'
import type { Measure } from './report.ts'
import { search } from './searching.ts'
import { settleRate, sustained } from './settling.ts'
import { message, sign, signLatency } from './signing.ts'
import { start } from './starting.ts'

const benches: Record<string, () => Promise<Measure[]>> = {
  page, count, 'place-page': placePage, 'item-page': itemPage, uncached, feed, search, publish, 'desk-save': deskSave, sign, sustained, 'sign-latency': signLatency, message, settle: settleRate, 'confirm-delay': confirmDelay, mail: mailRate, mailing, digest, start, weight, lookup: lookupTime, point: pointTime, import: importTime, memory, 'sign-hot': signHot, crowd, overload, soak,
  erase, export: exporting,
  rotate: rotateRate, 'data-page': dataPage, 'data-answers': dataAnswers,
}

const only = process.argv.join(' ').match(/--only[= ](\S+)/)?.[1]?.split(',')
const unknown = only?.filter((name) => !(name in benches))
if (unknown?.length) {
  console.error(`There is no bench called ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (only && !only.includes(name)) continue
  for (const measured of await bench()) console.log(JSON.stringify(measured))
}
