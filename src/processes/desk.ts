import type { Launches, Running } from './launch.ts'

export async function runDesk(_: Launches['desk']): Promise<Running> {
  return { stop: async () => {} }
}
