import { connect } from 'node:net'

/** Opens lines to a port and says nothing on them, or a letter a second. Tells how many stand, and at the end how many are left. */
process.once('message', ({ port, lines, drip }: { port: number, lines: number, drip: boolean }) => {
  const open = new Set<ReturnType<typeof connect>>()
  let tried = 0
  const more = () => {
    for (let i = 0; i < 100 && tried < lines; i++, tried++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      // Whoever does not read never learns that the line was closed.
      socket.resume()
      socket.on('close', () => open.delete(socket))
      socket.on('connect', () => {
        open.add(socket)
        if (drip) socket.write('POST /actions/no-one-should-vanish/sign HTTP/1.1\r\nhost: localhost\r\n')
      })
    }
    if (tried < lines) setTimeout(more, 20)
  }
  more()
  if (drip) setInterval(() => { for (const socket of open) socket.write('x') }, 1000)
  setInterval(() => process.send!({ tried, open: open.size }), 100)
})
