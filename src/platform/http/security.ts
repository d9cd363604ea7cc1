import { createHash } from 'node:crypto'

/** Headers of every answer: nothing from anywhere else, no framing, no address passed on, no guessing of types. */
export function securityHeaders(contentPolicy: string, { strictTransport = false } = {}): Record<string, string> {
  return {
    'content-security-policy': contentPolicy,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': permissionsPolicy(),
    ...(strictTransport && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

/** What a page may ask a browser for: nothing, or on a page that offers it and nowhere else the position. */
export function permissionsPolicy({ position = false } = {}): string {
  return `browsing-topics=(), camera=(), geolocation=${position ? '(self)' : '()'}, microphone=()`
}

/** What a page may load and run. `frames`: which pages it may show within itself; `framed`: a page of the same place may show it. */
export function contentPolicy(parts: { styles: string[], scripts?: string, images?: string, connect?: string, frames?: string, framed?: boolean }): string {
  return [
    "default-src 'none'", `style-src ${parts.styles.map(styleSource).join(' ')}`, `script-src ${parts.scripts ?? "'self'"}`, `img-src ${parts.images ?? "'self'"}`,
    `connect-src ${parts.connect ?? "'none'"}`, ...(parts.frames ? [`frame-src ${parts.frames}`] : []), "form-action 'self'", `frame-ancestors ${parts.framed ? "'self'" : "'none'"}`, "base-uri 'none'",
  ].join('; ')
}

/** Lets exactly this inlined style sheet through. */
function styleSource(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`
}
