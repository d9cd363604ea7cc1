/** What ends a command with a clear line and no stack: something that whoever ran it can mend, or, with the exit code 0, how it is used, for whoever asked. */
export class CliFault extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
