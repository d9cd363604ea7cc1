import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * A mail server that takes everything in and keeps only when: the least that SMTP allows, so that the sender is what is measured.
 * Tells its port; then, asked for them, how many mails there are, or the times of all by the number in the recipient's address.
 */
const times: [number, number][] = []
const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  let text = ''
  let inData = false
  let number = -1
  socket.write('220 sink\r\n')
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    for (;;) {
      if (inData) {
        const end = text.indexOf('\r\n.\r\n')
        if (end < 0) {
          text = text.slice(-4)
          return
        }
        text = text.slice(end + 5)
        inData = false
        times.push([number, performance.timeOrigin + performance.now()])
        socket.write('250 taken\r\n')
        continue
      }
      const end = text.indexOf('\r\n')
      if (end < 0) return
      const line = text.slice(0, end)
      text = text.slice(end + 2)
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'RCPT') number = Number(/-(\d+)@/.exec(line)?.[1] ?? -1)
      if (verb === 'DATA') inData = true
      socket.write(verb === 'DATA' ? '354 go on\r\n' : verb === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n')
    }
  })
})
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
process.on('message', (asked: 'times' | 'count') => process.send!(asked === 'count' ? { count: times.length } : { times }))
