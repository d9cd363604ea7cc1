import type { Finding, Place } from '../lint/finding.ts'

// Bounded repetition throughout: a text may hold a million "<" and no ">".
const tag = /<(?<name>img|script|iframe|noscript|style|embed|object|link|meta|svg|video|audio|form|input|button)\b[^<>]{0,5000}>/giu
const invisible = /[\u200b\u2060\ufeff\u00ad]|(?![\t\n\v\f\r\u0085])\p{Cc}/gu
/** Marks that turn the direction of what follows: they can hide what a text says. Isolates and marks for one place stay. */
const overrides = /[\u202a-\u202e]/gu

/** A line without the tags, trackers and invisible signs that a page left in it; each that mattered is reported with its words. */
export function cleaned(line: string, { file, line: number }: { file: string, line: number }, findings: Finding[]): string {
  const plain = line.replace(invisible, '').replace(overrides, '')
  if (!plain.includes('<')) return plain
  return plain.replace(tag, (found, ...rest) => {
    const { name } = rest.at(-1) as { name: string }
    const where: Place = { part: 'page', index: 0, start: 0, end: 0, line: number, file }
    const tracker = isTracker(found)
    findings.push({ rule: tracker ? 'L26' : /^img$/i.test(name) ? 'image' : 'active-content', severity: tracker ? 'warning' : 'note', where, text: found, values: { what: name.toLowerCase() }, fixes: [] })
    return ' '
  })
}

/** A picture or frame that nobody sees and that tells somebody who reads. */
export function isTracker(markup: string): boolean {
  return /\b(?:height|width)\s*=\s*["']?[01]\b/i.test(markup) || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(markup) || /\/(?:tr|pixel|collect|beacon|track|open)(?:\.gif|\.png|\.php)?\?/i.test(markup) || /[?&](?:noscript=1|ev=PageView)/i.test(markup)
}

const trackingParameter = /^(?:utm_|mc_[ce]id$|fbclid$|gclid$|dclid$|msclkid$|yclid$|igshid$|mkt_tok$|_hs(?:enc|mi)$|vero_|oly_|wickedid$|ref_src$|__s$|mibextid$)/i

/** An address without what follows its readers about; the same where there is nothing of the kind. */
export function untracked(href: string): string {
  const cut = href.indexOf('?')
  if (cut < 0) return href
  const [query, ...fragment] = href.slice(cut + 1).split('#')
  const kept = query!.split('&').filter((each) => !trackingParameter.test(each.split('=')[0]!))
  if (kept.length === query!.split('&').length) return href
  return `${href.slice(0, cut)}${kept.length ? `?${kept.join('&')}` : ''}${fragment.length ? `#${fragment.join('#')}` : ''}`
}

/** An address that a link may have: the web, mail and telephone, or a place on the same site. Null for scripts, files and the like. */
export function safeHref(href: string): string | null {
  const bare = href.replace(/[\p{Cc} ]/gu, '')
  if (!bare || bare.length > 4000) return null
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase()
  return !scheme || ['http', 'https', 'mailto', 'tel'].includes(scheme) ? untracked(bare) : null
}
