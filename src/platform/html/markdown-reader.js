// Shared by server and browser: what becomes a page is read in the same way where it is written.

const schemes = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i

/**
 * Whether a link may lead there: to the web, to a mailbox or telephone, or to a page or place of ours.
 * @param {string} url
 */
export function isAllowedLink(url) {
  return schemes.test(url.trim())
}

/**
 * A Markdown reader of our own rules: no HTML, no pictures, links of a few schemes.
 * @template {{ disable(rule: string): unknown, validateLink: (url: string) => boolean }} Reader
 * @param {new (options: { html: boolean, linkify: boolean, typographer: boolean, breaks: boolean }) => Reader} MarkdownIt
 * @returns {Reader}
 */
export function markdownReader(MarkdownIt) {
  const reader = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: false })
  reader.disable('image')
  reader.validateLink = isAllowedLink
  return reader
}
