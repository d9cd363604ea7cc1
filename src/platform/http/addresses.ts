/** Which methods each address takes, by its pattern as the router has it. */
export class Addresses {
  readonly known = new Map<string, Set<string>>()
  #patterns: [RegExp, Set<string>][] | undefined

  add(pattern: string, methods: string[]): void {
    this.known.set(pattern, (this.known.get(pattern) ?? new Set()).union(new Set(methods)))
    this.#patterns = undefined
  }

  /** What a path takes that came with a method it does not take; undefined if there is no such address. Routes that only refuse would double the time that a server needs to start. */
  methodsOf(path: string): Set<string> | undefined {
    this.#patterns ??= [...this.known].map(([pattern, methods]) => [expressionOf(pattern), methods])
    const found = this.#patterns.filter(([expression]) => expression.test(path)).map(([, methods]) => methods)
    return found.length ? found.reduce((all, methods) => all.union(methods)) : undefined
  }
}

/** `/actions/:slug.json`, `/:lang(^[a-z]{2,3}$)/actions`: what find-my-way takes for a path, with or without a last slash. */
function expressionOf(pattern: string): RegExp {
  const parts = pattern.split(/(:\w+(?:\(\^[^)]*\))?)/).map((part) => {
    const within = /^:\w+\(\^([^)]*?)\$?\)$/.exec(part)
    return within ? `(?:${within[1]})` : part.startsWith(':') ? '[^/]+?' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}/?$`)
}
