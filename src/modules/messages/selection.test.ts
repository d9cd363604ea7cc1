import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import type { TargetGroup } from '#modules/actions/index.ts'
import { officesById } from '#modules/targets/index.ts'
import { stage } from '#test/support/stage.ts'
import { chooseTargets, select, type ChosenTarget, type Picking } from './index.ts'
import { draw } from './selection.ts'

const it = await stage()
const ids = ['AR', 'BE', 'CO', 'DE', 'TA', 'SO'].map((code) => `marovia-assembly:${code}`)
const offices = await officesById(it.db, ids, '2027-03-01')
const candidates = offices.map((office): ChosenTarget => ({ office, own: false, group: 1 }))
const group = (changes: Partial<TargetGroup>): TargetGroup => ({ number: 1, role: 'target', mode: 'all', most: 2, ...changes })
const by = (seed: string, picked: Picking['picked'] = []): Picking => ({ supporter: () => ({}), seed: () => seed, picked })
const namesOf = (targets: ChosenTarget[]) => targets.map(({ office }) => office.id.slice(-2))

test('a draw is the same each time for one participation, whoever else goes or comes first, and spreads evenly over all', () => {
  fc.assert(fc.property(fc.string(), fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 12 }), fc.nat(), (seed, things, other) => {
    const drawn = draw(seed, things, (each) => each)
    assert.equal(draw(seed, things.toReversed(), (each) => each), drawn)
    const gone = things[other % things.length]!
    if (gone !== drawn) assert.equal(draw(seed, things.filter((each) => each !== gone), (each) => each), drawn)
  }))
  const counts = new Map(namesOf(candidates).map((name) => [name, 0]))
  for (let seed = 0; seed < 8000; seed++) {
    const [target] = namesOf(select({ groups: [group({ mode: 'random' })], rules: [] }, candidates, by(`participation ${seed}`)).targets)
    counts.set(target!, counts.get(target!)! + 1)
  }
  const reached = [...counts].filter(([, count]) => count > 0)
  assert.deepEqual(reached.map(([name]) => name).sort(), ['AR', 'BE', 'CO', 'DE'], 'never one who cannot be reached')
  // Four standard deviations of a fair draw.
  for (const [name, count] of reached) assert.ok(Math.abs(count - 2000) < 4 * Math.sqrt(8000 * 0.25 * 0.75), `${name}: ${count} of 8000`)
})

test('the first that can be reached is written to alone; those before it are not even mentioned', () => {
  const order = [candidates[4]!, candidates[5]!, candidates[1]!, candidates[0]!]
  const selected = select({ groups: [group({ mode: 'one' })], rules: [] }, order, by('x'))
  assert.deepEqual([namesOf(selected.targets), selected.unreachable], [['BE'], []])
  const nobody = select({ groups: [group({ mode: 'one' })], rules: [] }, order.slice(0, 2), by('x'))
  assert.deepEqual(nobody.unreachable.map(({ why }) => why), ['vacant', 'no-address'])
})

test('a supporter picks among those who can be reached, not more than the action allows, and is asked again if a pick has gone', () => {
  const choosing = { groups: [group({ mode: 'choose' })], rules: [] }
  assert.deepEqual(namesOf(select(choosing, candidates, by('x')).toChoose[0]!.candidates), ['AR', 'BE', 'CO', 'DE'])
  assert.deepEqual(namesOf(select(choosing, candidates, by('x', [ids[0]!, ids[2]!])).targets), ['AR', 'CO'])
  const tooMany = select(choosing, candidates, by('x', ids.slice(0, 3)))
  assert.deepEqual([tooMany.targets, tooMany.toChoose[0]!.tooMany], [[], true])
  const gone = select(choosing, candidates, by('x', [ids[0]!, 'marovia-assembly:XX']))
  assert.deepEqual([namesOf(gone.targets), gone.gone], [['AR'], ['marovia-assembly:XX']])
  assert.deepEqual(namesOf(select(choosing, candidates.slice(1, 2), by('x')).targets), ['BE'], 'where there is one there is nothing to ask')
})

test('an office in several groups is written to once: by the first that chooses it, and else by the next; only who is not written to gets the copy', () => {
  const groups = [group({ mode: 'choose' }), group({ number: 2 }), group({ number: 3, role: 'copy' })]
  const standing = (place: number, number: number): ChosenTarget => ({ ...candidates[place]!, group: number })
  const all = [standing(0, 1), standing(1, 1), standing(2, 1), standing(1, 2), standing(0, 3), standing(1, 3), standing(3, 3)]
  const chosen = select({ groups, rules: [] }, all, by('x', [ids[2]!]))
  assert.deepEqual([namesOf(chosen.targets), namesOf(chosen.copies)], [['CO', 'BE'], ['AR', 'DE']])
  const other = select({ groups, rules: [] }, all, by('x', [ids[0]!, ids[1]!]))
  assert.deepEqual([namesOf(other.targets), namesOf(other.copies)], [['AR', 'BE'], ['DE']])
})

test('rules divide targets by the words that they get; who is left out or has no rule is said so, and copies need no rule', () => {
  const variant = '5f0c1d2e-3b4a-4c5d-8e6f-708192a3b4c5'
  const rules = [
    { conditions: [{ attribute: 'party' as const, is: true, values: ['harbour list'] }], outcome: 'variant' as const, variant },
    { conditions: [{ attribute: 'holder' as const, is: true, values: ['Yara Quist'] }], outcome: 'skip' as const, variant: null },
    { conditions: [{ attribute: 'area' as const, is: true, values: ['Ardenhal'] }], outcome: 'main' as const, variant: null },
  ]
  const mixed = candidates.slice(0, 4).map((target, place) => ({ ...target, group: place === 2 ? 2 : 1 }))
  const selected = select({ groups: [group({ number: 2, role: 'copy' })], rules }, mixed, by('x'))
  assert.deepEqual(selected.letters.map((each) => [each.variant, namesOf(each.targets)]), [[null, ['AR']], [variant, ['BE']]])
  assert.deepEqual(namesOf(selected.copies), ['CO'])
  assert.deepEqual(selected.unreachable.map(({ target, why }) => [target.office.id.slice(-2), why]), [['DE', 'left-out']])
  assert.deepEqual(select({ groups: [], rules }, [candidates[2]!], by('x')).unreachable.map(({ why }) => why), ['no-rule'])
})

test('an office that two groups lead to stands in both of them, and embassies are found by both countries', async () => {
  await it.db.updateTable('offices').set({ represents: 'XA', host: 'XB' }).where('id', '=', 'marovia-government:foreign-affairs').execute()
  const rules = [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice', group: 2 }, { embassyOf: 'XA', group: 3 }, { office: 'marovia-assembly:AR', group: 3 }]
  const [home, abroad, unknown] = await chooseTargets(it.db, [{ rules, areaId: 'marovia:AR', country: 'XC' }, { rules, areaId: 'marovia:AR', country: 'XB' }, { rules }], '2027-03-01')
  const said = (targets: ChosenTarget[]) => targets.map((each) => `${each.office.id.split(':')[1]!} ${each.group} ${each.own ? 'own' : ''}`.trim())
  assert.deepEqual(said(home!), ['AR 1 own', 'justice 2', 'AR 3 own'])
  assert.deepEqual(said(abroad!), ['AR 1 own', 'justice 2', 'AR 3 own', 'foreign-affairs 3'])
  assert.deepEqual(said(unknown!), ['justice 2', 'AR 3'])
})
