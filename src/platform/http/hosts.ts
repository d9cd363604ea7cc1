import { hostname, networkInterfaces } from 'node:os'

/** Which origins a server answers to. Anything else is told 421: we are not that site. */
export interface Hosts {
  knows(host: string | undefined): boolean
  /** Whether a page of ours at `host` can have sent a form with this Origin header. */
  isOwnOrigin(origin: string, host: string): boolean
  /** Whether pages at this host travel encrypted, so that cookies may be bound to that. */
  isSecure(host: string): boolean
}

/** Hosts for configured origins, or for this machine's own addresses at `port` where none are configured. */
export function hostsFor(origins: string[], port: number, { loopbackOnly = false } = {}): Hosts {
  const all = origins.length ? [...origins, ...loopbackOrigins(port)] : loopbackOnly ? loopbackOrigins(port) : machineOrigins(port)
  const byHost = new Map(all.map((origin) => [new URL(origin).host, origin]))
  return {
    knows: (host) => host !== undefined && byHost.has(host),
    isOwnOrigin: (origin, host) => byHost.get(host) === origin,
    isSecure: (host) => byHost.get(host)?.startsWith('https:') ?? false,
  }
}

function loopbackOrigins(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => new URL(`http://${name}:${port}`).origin)
}

function machineOrigins(port: number): string[] {
  const names = [...networkAddresses(), hostname().toLowerCase(), `${hostname().toLowerCase()}.local`].filter((name) => URL.canParse(`http://${name}:${port}`))
  return [...loopbackOrigins(port), ...names.map((name) => new URL(`http://${name}:${port}`).origin)]
}

/** The addresses at which a phone on the same network can reach this machine. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces()).flat().filter((each) => each && !each.internal && each.family === 'IPv4').map((each) => each!.address)
}
