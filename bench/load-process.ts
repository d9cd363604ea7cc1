import { connect, type Socket } from 'node:net'
import { numberMark, type Load, type LoadResult } from './load.ts'

/** Raw sockets and the least that can be understood of an answer: the generator shares the machine with what it measures. */
function run(load: Load): void {
  const template = Buffer.from(load.request)
  const marks = placesOf(template)
  const latencies: number[] = []
  const answers: [number, number][] = []
  let startedAt = performance.now()
  let endAt = startedAt + load.seconds * 1000
  // What is due and waits for a line: read from `taken` on, because taking the first out of a long array copies the rest.
  const waiting: { number: number, due: number }[] = []
  let taken = 0
  const idle: Line[] = []
  const lines: Line[] = []
  let number = load.firstNumber ?? 0
  const lastNumber = number + (load.most ?? Infinity)
  let failed = 0
  let busy = 0
  let reported = 0
  let done = false

  function requestOf(n: number): Buffer {
    const request = Buffer.from(template)
    const digits = String(load.cycle ? n % load.cycle : n).padStart(numberMark.length, '0')
    for (const mark of marks) request.write(digits, mark, 'latin1')
    return request
  }

  function send(line: Line, task: { number: number, due: number }): void {
    line.task = task
    line.socket.write(requestOf(task.number))
  }

  function onAnswer(line: Line, status: number, head: string): void {
    const { task } = line
    if (!task) return
    line.task = undefined
    const at = performance.now()
    if (status >= 200 && status < 400) {
      latencies.push(at - task.due)
      if (load.rate) answers.push([task.number, performance.timeOrigin + at])
    } else if (status === 503 && /^retry-after:/im.test(head)) {
      busy += 1
    } else {
      failed += 1
    }
    next(line, at)
  }

  function next(line: Line, at: number): void {
    if (load.rate) {
      const task = at < endAt || !load.linesFirst ? waiting[taken] : undefined
      if (task) {
        taken += 1
        send(line, task)
      } else {
        idle.push(line)
      }
    } else if (at < endAt && number < lastNumber) {
      send(line, { number: number++, due: at })
    } else {
      idle.push(line)
    }
    // With a rate, the next tick knows whether all that was due has been sent.
    if (!load.rate && idle.length === lines.length && (at >= endAt || number >= lastNumber)) finish()
  }

  function tick(): void {
    const at = performance.now()
    const due = Math.min(Math.floor((Math.min(at, endAt) - startedAt) / 1000 * load.rate!) + (load.firstNumber ?? 0), lastNumber)
    let resting = 0
    for (; number < due; number++) {
      const task = { number, due: startedAt + (number - (load.firstNumber ?? 0)) / load.rate! * 1000 }
      const line = idle[resting]
      if (line) resting += 1
      if (line) send(line, task)
      else waiting.push(task)
    }
    idle.splice(0, resting)
    if (idle.length === lines.length && (at >= endAt || number >= lastNumber)) finish()
  }

  function finish(): void {
    if (done) return
    done = true
    const seconds = (performance.now() - startedAt) / 1000
    latencies.sort((one, other) => one - other)
    const part = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
    const result: LoadResult = { answered: latencies.length, failed, busy, seconds, perSecond: latencies.length / seconds, p50: part(0.5), p95: part(0.95), p99: part(0.99), answers }
    process.send!({ result }, () => process.exit(0))
  }

  function begin(): void {
    startedAt = performance.now()
    endAt = startedAt + load.seconds * 1000
    if (load.rate) setInterval(tick, 1)
    else for (const line of idle.splice(0)) next(line, startedAt)
  }

  for (let i = 0; i < load.connections; i++) {
    const line = new Line(connect(load.port, '127.0.0.1'), onAnswer, (line) => {
      if (line.task) failed += 1
      line.task = undefined
    })
    lines.push(line)
    line.socket.once('connect', () => {
      if (!load.linesFirst) return next(line, performance.now())
      idle.push(line)
      if (idle.length === lines.length) begin()
    })
  }
  if (load.rate && !load.linesFirst) setInterval(tick, 1)
  setInterval(() => {
    if (latencies.length > reported) process.send!({ answered: latencies.length })
    reported = latencies.length
  }, 50)
  // Whatever hangs is not waited for.
  setTimeout(finish, load.seconds * 1000 + 30_000)
}

function placesOf(template: Buffer): number[] {
  const places: number[] = []
  for (let at = template.indexOf(numberMark); at >= 0; at = template.indexOf(numberMark, at + 1)) places.push(at)
  return places
}

/** One connection with one request under way. */
class Line {
  readonly socket: Socket
  task: { number: number, due: number } | undefined
  #left = -1
  #head = ''

  constructor(socket: Socket, onAnswer: (line: Line, status: number, head: string) => void, onEnd: (line: Line) => void) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => onEnd(this))
    socket.on('data', (chunk) => {
      let body = chunk.length
      if (this.#left < 0) {
        const before = this.#head.length
        this.#head += chunk.toString('latin1')
        const end = this.#head.indexOf('\r\n\r\n')
        if (end < 0) return
        this.#left = Number(/content-length: *(\d+)/i.exec(this.#head.slice(0, end))?.[1] ?? 0)
        body = chunk.length - (end + 4 - before)
      }
      this.#left -= body
      if (this.#left > 0) return
      const head = this.#head
      const status = Number(head.slice(9, 12))
      this.#head = ''
      this.#left = -1
      onAnswer(this, status, head)
    })
  }
}

process.once('message', (load: Load) => run(load))
