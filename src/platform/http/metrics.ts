/** Whether a peer is this machine itself. */
export function isLoopback(address: string | undefined): boolean {
  return address === '::1' || (address?.replace('::ffff:', '').startsWith('127.') ?? false)
}

/** Numbers in the text format that Prometheus reads, with those of the process itself. */
export function metricsText(processName: string, numbers: Record<string, number>): string {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  const all = { ...numbers, process_resident_memory_bytes: rss, process_heap_bytes: heapTotal, process_heap_used_bytes: heapUsed, process_external_memory_bytes: external, process_cpu_seconds_total: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6, process_uptime_seconds: process.uptime() }
  return `${Object.entries(all).map(([name, value]) => `${name}{process="${processName}"} ${value}`).join('\n')}\n`
}
