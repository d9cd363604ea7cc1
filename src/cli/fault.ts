/** Something that whoever ran a command can mend: one clear line, and no stack. */
export class CliFault extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
