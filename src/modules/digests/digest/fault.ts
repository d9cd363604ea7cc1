/** Something about a file that whoever gave it can mend. */
export class DigestFault extends Error {
  readonly reason: 'too-large' | 'not-gzip' | 'not-zip' | 'no-pages' | 'entities' | 'no-columns' | 'not-xml'
  readonly file: string
  constructor(reason: DigestFault['reason'], file: string) {
    super(`${file}: ${reason}`)
    this.reason = reason
    this.file = file
  }
}
