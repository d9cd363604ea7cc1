/** Text that is safe to send as HTML. Only `html` and `raw` make it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

export type Renderable = Html | string | number | false | null | undefined | readonly Renderable[]

/** Builds HTML. Every value is escaped unless it is Html already; lists are joined; false, null and undefined are nothing. */
export function html(strings: TemplateStringsArray, ...values: Renderable[]): Html {
  let text = strings[0]!
  for (let i = 0; i < values.length; i++) text += render(values[i]) + strings[i + 1]!
  return new Html(text)
}

/** Lets text through as it is. Only for what our own code made; every use is worth a look. */
export function raw(text: string): Html {
  return new Html(text)
}

function render(value: Renderable): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if (value === false || value === null || value === undefined) return ''
  return value.map(render).join('')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character]!) : text
}
