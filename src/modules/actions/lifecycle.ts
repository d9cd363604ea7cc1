/** Everything that is true of an action in each state. A new fact about states is a column here, not a list elsewhere. */
export const actionStates = {
  draft: { shown: false, takes: false, sends: false, next: ['open'] },
  open: { shown: true, takes: true, sends: true, next: ['suspended', 'closed'] },
  suspended: { shown: true, takes: false, sends: false, next: ['open', 'closed'] },
  closed: { shown: true, takes: false, sends: true, next: ['open'] },
} as const satisfies Record<string, { shown: boolean, takes: boolean, sends: boolean, next: readonly string[] }>

export type ActionState = keyof typeof actionStates

export function canMove(from: ActionState, to: ActionState): boolean {
  return (actionStates[from].next as readonly string[]).includes(to)
}

/** How an action stands at a moment: its state, and its times where it is open. Adjourned: open, and waiting for a body that does not sit (`target-bodies.ts`). */
export type Standing = 'draft' | 'scheduled' | 'open' | 'adjourned' | 'ended' | 'suspended' | 'closed'

export function standing(action: { state: ActionState, opensAt: Date | null, closesAt: Date | null }, now: Date): Standing {
  if (action.state !== 'open') return action.state
  if (action.opensAt && now < action.opensAt) return 'scheduled'
  return action.closesAt && now >= action.closesAt ? 'ended' : 'open'
}

export const outcomes = ['won', 'partly-won', 'lost', 'delivered', 'overtaken', 'ended'] as const
export type Outcome = (typeof outcomes)[number]
