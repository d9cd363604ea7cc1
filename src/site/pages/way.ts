/** What stands in an address before the page's own path: whose private view it is, and which language it is to be in. */
export interface Way {
  /** The token of a rehearsal, as it was given. */
  rehearsal?: string
  /** Two or three letters; whether there is such a language is another question. */
  lang?: string
}

// Numbers of items lead on from `/id/…`: that is no language. A rehearsal's pictures have addresses of their own.
const beginning = /^(?:\/rehearsal\/([^/?]+)(?=[/?]|$)(?!\/files\/))?(?:\/(?!id\/)([a-z]{2,3})(?=[/?]|$))?/

/** How an address begins. */
export function wayOf({ originalUrl }: { originalUrl: string }): Way {
  const [, rehearsal, lang] = beginning.exec(originalUrl)!
  return { rehearsal, lang }
}

/** An address without that, as the router has it: every page has one route there, and not one for each way to it. */
export function pathWithin(url: string): string {
  const rest = url.slice(beginning.exec(url)![0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}
