import type pg from 'pg'

/** How one process reaches the database. */
export interface DatabaseAddress {
  /** A URL, or the folder of the embedded database's socket. */
  url?: string
  socketFolder?: string
  user?: string
  password?: string
  database?: string
}

export function clientSettings(address: DatabaseAddress): pg.ClientConfig {
  if (!address.url) return { host: address.socketFolder, user: address.user, password: address.password, database: address.database ?? 'clarion' }
  const url = new URL(address.url)
  if (address.user) url.username = encodeURIComponent(address.user)
  if (address.password) url.password = encodeURIComponent(address.password)
  if (address.database) url.pathname = `/${address.database}`
  return { connectionString: url.href }
}

/** Whether an error says that the database could not be reached or gave up on us: the statement may be tried again later. */
export function isOutage(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  const message = error instanceof Error ? error.message : ''
  return /^(08|53|57P|58)/.test(code) || code === '25006' || /^E(CONN|PIPE|NOENT|TIMEDOUT|HOSTUNREACH|NOTFOUND)/.test(code)
    || /Connection terminated|Query read timeout|timeout exceeded when trying to connect|not queryable|connection ended/i.test(message)
}
