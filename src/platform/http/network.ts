/**
 * The network that an address belongs to, as a text that is the same for all of it; nothing for addresses that mean nothing outside
 * of their own network (this machine, private networks, carriers' inner networks): behind those stands a proxy that nobody named.
 * IPv4 by /24, the smallest that is routed on its own. IPv6 by /56, what providers are told to give to a home (RIPE-690): a /64
 * is a single device, and the /48 that a business gets is also what a carrier spreads a town's phones over.
 */
export function networkOf(address: string): string | undefined {
  const mapped = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.\d+$/i.exec(address)
  if (mapped) {
    const [one, two, three] = [Number(mapped[1]), Number(mapped[2]), Number(mapped[3])]
    const inner = one === 10 || one === 127 || one === 0 || (one === 172 && two >= 16 && two < 32) || (one === 192 && two === 168) || (one === 169 && two === 254) || (one === 100 && two >= 64 && two < 128)
    return inner ? undefined : `${one}.${two}.${three}`
  }
  const groups = firstGroups(address)
  // Global unicast is 2000::/3 (RFC 4291); everything else stays inside.
  return groups && groups[0]! >= 0x2000 && groups[0]! < 0x4000 ? `${groups[0]!.toString(16)}:${groups[1]!.toString(16)}:${groups[2]!.toString(16)}:${(groups[3]! >> 8).toString(16)}` : undefined
}

/** Where an address belongs to that `networkOf` says nothing of: each such network is one. */
export function localNetworkOf(address: string): string {
  return address.replace(/^::ffff:/i, '').replace(/\.\d+$/, '')
}

function firstGroups(address: string): number[] | undefined {
  const [before, after] = address.split('%')[0]!.split('::')
  const head = before ? before.split(':') : []
  const tail = after ? after.split(':') : []
  const groups = after === undefined ? head : [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0'), ...tail]
  const numbers = groups.slice(0, 4).map((group) => (/^[\da-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN))
  return numbers.length === 4 && !numbers.some(Number.isNaN) ? numbers : undefined
}
