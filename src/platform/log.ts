/** What a log line may say. Nothing here can hold a name, an address or a message; paths appear as their patterns. */
export interface LogFields {
  route?: string
  method?: string
  status?: number
  ms?: number
  count?: number
  action?: string
  job?: string
  /** Where the audit log's chain ends: kept outside of the database, it shows one that was cut short. */
  head?: string
  /** An error's class and code, and where it was thrown: never its message, which may quote data. */
  error?: unknown
  signal?: string
  code?: number | null
}

type Level = 'info' | 'warn' | 'error'

/** Writes log lines as JSON, one a line, on standard error. */
export class Log {
  readonly #process: string
  readonly #write: (line: string) => void

  constructor(processName: string, write: (line: string) => void = (line) => void process.stderr.write(line)) {
    this.#process = processName
    this.#write = write
  }

  info(event: string, fields: LogFields = {}): void { this.#line('info', event, fields) }
  warn(event: string, fields: LogFields = {}): void { this.#line('warn', event, fields) }
  error(event: string, fields: LogFields = {}): void { this.#line('error', event, fields) }

  #line(level: Level, event: string, { error, ...fields }: LogFields): void {
    this.#write(`${JSON.stringify({ at: new Date().toISOString(), level, process: this.#process, event, ...fields, ...describe(error) })}\n`)
  }
}

function describe(error: unknown): { error?: string, where?: string } {
  if (error === undefined) return {}
  if (!(error instanceof Error)) return { error: typeof error }
  const { code, constraint, table } = error as { code?: string, constraint?: string, table?: string }
  const own = error.stack?.split('\n').filter((line) => line.includes('/src/')).slice(0, 3).map((line) => line.replace(/.*\/(src\/[^)]+)\)?$/, '$1'))
  return { error: [error.name, code, table, constraint].filter(Boolean).join(' '), where: own?.join(' < ') }
}
