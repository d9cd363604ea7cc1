import { safeHref } from './leftovers.ts'

/** Elements that end the block before them and begin one. */
export const blocks = new Set('address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section summary table tbody td tfoot th thead title tr ul'.split(' '))
const removed = new Set('nav footer form button select textarea dialog menu'.split(' '))
/** What runs or brings something from elsewhere: taken out and reported. */
export const active = new Set('script iframe object embed applet frame audio video canvas svg math'.split(' '))
/** What says nothing to anybody: taken out without a word. */
export const silent = new Set(['style', 'template', 'head', 'colgroup'])
const whole = new Set(['html', 'body', 'main', 'article'])
const furnitureName = /^(?:(?:site|page|main|global|primary|secondary|top|post|entry|mobile)[-_])?(?:share|sharing|social|sharedaddy|addtoany|cookies?|consent|breadcrumbs?|menu|nav|navbar|navigation|skip-?link|screen-reader-(?:text|shortcut)|newsletter|subscribe|sidebar|widget|footer|comments?|pagination|pager|related|search-?(?:form|box)|login|donate-bar|banner)(?:$|[-_])/i
const roles = new Set(['navigation', 'banner', 'search', 'contentinfo', 'dialog', 'menu', 'menubar'])

const voids = new Set('area base br col embed frame hr img input link meta param source track wbr'.split(' '))
/** Elements that have nothing inside and are never closed. */
export const isVoid = (name: string) => voids.has(name)

/** Menus, share buttons, forms and what nobody sees: left out, and reported with its words. */
export function isFurnitureTag(name: string, attributes: Record<string, string>): boolean {
  if (whole.has(name) || name === 'a') return attributes['aria-hidden'] === 'true' && name === 'a'
  if (removed.has(name) || roles.has(attributes.role ?? '') || 'hidden' in attributes || /display\s*:\s*none|mso-list\s*:\s*ignore/i.test(attributes.style ?? '')) return true
  if (/^h[1-6]$/.test(name)) return false
  return `${attributes.class ?? ''} ${attributes.id ?? ''}`.split(/\s+/, 40).some((each) => furnitureName.test(each))
}

/** Where an anchor leads; a place on the same page and a protected address lead nowhere. */
export function addressOf({ href, 'data-cfemail': hidden }: Record<string, string>): string | null {
  const [, coded] = /\/cdn-cgi\/l\/email-protection#([0-9a-f]+)$/i.exec(href ?? '') ?? []
  const address = plainAddress(coded ?? hidden ?? '')
  if (address) return `mailto:${address}`
  if (!href || href.startsWith('#') || href.includes('/cdn-cgi/l/email-protection')) return null
  return safeHref(href)
}

/** An address that a web host wrote in hexadecimal, each byte under the key of the first. */
export function plainAddress(coded: string): string | null {
  if (!/^(?:[0-9a-f]{2}){4,200}$/i.test(coded)) return null
  const [key, ...bytes] = Buffer.from(coded, 'hex')
  const address = Buffer.from(bytes.map((byte) => byte ^ key!)).toString('utf8')
  return /^[^\s@<>"]+@[^\s@<>"]+$/.test(address) ? address : null
}

/** Decoded where it can be. */
export function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
