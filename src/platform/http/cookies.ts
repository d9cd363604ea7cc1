/** The value of one cookie in a Cookie header, if it is there. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

/** A cookie's name on this connection: bound to the host where it is encrypted, ordinary on plain http. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name
}

/** A Set-Cookie header for a value that no script can read and no other site can send with a form. */
export function setCookie(name: string, value: string, { secure, seconds, strict = false }: { secure: boolean, seconds: number, strict?: boolean }): string {
  return `${cookieName(name, secure)}=${value}; Path=/; HttpOnly; SameSite=${strict ? 'Strict' : 'Lax'}; Max-Age=${seconds}${secure ? '; Secure' : ''}`
}
