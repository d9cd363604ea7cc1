import { isOutage } from '#platform/db.ts'

interface Waiting<Question, Answer> {
  question: Question
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/** How many are asked about in one go. */
const most = 200

/**
 * Asks the database the questions of many visitors at once. Whatever comes in while earlier ones are being asked waits and goes
 * together, so that a crowd costs few statements and a single visitor waits for nobody.
 */
export class Gathered<Question, Answer> {
  readonly #answerAll: (questions: Question[]) => Promise<Answer[]>
  readonly #waiting: Waiting<Question, Answer>[] = []
  #flying = false

  /** `answerAll` answers in the order of the questions. */
  constructor(answerAll: (questions: Question[]) => Promise<Answer[]>) {
    this.#answerAll = answerAll
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      // One turn of the event loop: whatever arrived with it is asked with it.
      setImmediate(() => void this.#fly())
    })
  }

  async #fly(): Promise<void> {
    if (this.#flying || this.#waiting.length === 0) return
    const batch = this.#waiting.splice(0, most)
    this.#flying = true
    await this.#answer(batch)
    this.#flying = false
    await this.#fly()
  }

  async #answer(batch: Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.#answerAll(batch.map(({ question }) => question))
      batch.forEach(({ resolve }, place) => resolve(answers[place]!))
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) return batch.forEach(({ reject }) => reject(error))
      // One of them asks for what cannot be answered; the others must not suffer for it.
      for (const each of batch) await this.#answer([each])
    }
  }
}
