import { existsSync, readFileSync } from 'node:fs'
import type { RegisteredSuppression } from '#modules/people/index.ts'

/** The addresses of a register that must not be written to; none where there is no such file. Lines about erasures are read elsewhere. */
export function readSuppressions(file: string): RegisteredSuppression[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').flatMap((text): RegisteredSuppression[] => {
    if (!text.includes('"scope"')) return []
    try {
      const line = JSON.parse(text) as { at: string, key: number, index: string, scope: string, subject: string, reason: string }
      const it = { index: Buffer.from(line.index, 'base64'), keyId: line.key, scope: line.scope, subject: line.subject, reason: line.reason, since: new Date(line.at) }
      return it.index.length === 32 && Number.isInteger(it.keyId) && !Number.isNaN(it.since.getTime()) ? [it] : []
    } catch {
      return []
    }
  })
}

/** One line of the register, with its end. */
export function suppressionAsLine({ index, keyId, scope, subject, reason, since }: RegisteredSuppression): string {
  return `${JSON.stringify({ at: since.toISOString(), key: keyId, index: index.toString('base64'), scope, subject, reason })}\n`
}
