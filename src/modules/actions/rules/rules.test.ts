import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { sql } from '#platform/db.ts'
import type { OfficeFacts } from '#modules/targets/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import {
  addFactColumns, addVariant, coverageOf, decide, fold, knownSupporter, knownTarget, missingParts, moveAction, newestRevisions, placeFacts, removeVariant, reportContact, reportedContacts, saveWords, setFacts,
  setGroup, setRules, setTargets, type Condition, type Rule,
} from '../index.ts'
import { cover } from './coverage.ts'

const it = await stage()
const act = await acting(it)
const tx = <Result>(work: Parameters<ReturnType<typeof it.db.transaction>['execute']>[0]) => it.db.transaction().execute(work) as Promise<Result>

// Few values, so that rules and targets meet, and odd ones, so that how they are compared matters.
const value = fc.constantFrom('Harbour List', 'harbour  list', 'HARBOUR LIST', 'Progress Bench', 'Common Ground', '', 'القائمة', 'ﬁne', 'None of these')
const code = fc.constantFrom('XA', 'XB', 'xa', 'XC')

function office(party: string, body: string, area: string, holder: string): OfficeFacts {
  return {
    id: `${body}:${area}`, label: `Member for ${area}`, labels: {}, salutations: {}, body: { id: body, name: body, names: {}, candidates: false }, area, areaName: area,
    holders: holder ? [{ id: holder, name: holder, names: {}, formalName: '', party, since: null }] : [], email: undefined, phone: undefined, postalAddress: undefined, url: undefined, contactable: false, formLimit: undefined, optOut: undefined, digest: null,
  }
}
const offices = fc.record({ party: value, body: value, area: value, holder: value }).map(({ party, body, area, holder }) => office(party, body, area, holder))
const condition: fc.Arbitrary<Condition> = fc.record({
  attribute: fc.constantFrom('body', 'office', 'party', 'area', 'holder', 'country', 'home', 'language'), is: fc.boolean(),
  values: fc.array(fc.oneof(value.filter(Boolean), code), { minLength: 1, maxLength: 3 }),
})
const variant = '5f0c1d2e-3b4a-4c5d-8e6f-708192a3b4c5'
const rule: fc.Arbitrary<Rule> = fc.record({ conditions: fc.array(condition, { maxLength: 3 }), outcome: fc.constantFrom('main', 'variant', 'skip') }).map(({ conditions, outcome }) => ({ conditions, outcome, variant: outcome === 'variant' ? variant : null }))
const supporter = fc.record({ country: fc.option(code), language: fc.constantFrom('en', 'ar', 'fr'), home: fc.option(value.filter(Boolean)) })
  .map(({ country, language, home }) => knownSupporter({ country, language, area: home === null ? null : { id: home, name: home, names: {} } }))

test('every target gets exactly one outcome from any list, in any order, whoever writes; and the table says which it can be', () => {
  fc.assert(fc.property(fc.array(rule, { maxLength: 6 }), fc.array(offices, { minLength: 1, maxLength: 6 }), fc.array(supporter, { minLength: 1, maxLength: 6 }), (rules, targets, supporters) => {
    const coverage = cover(targets.map((each) => ({ office: each, copy: false })), rules)
    for (const [place, target] of targets.entries()) {
      for (const who of supporters) {
        const decision = decide(rules, knownTarget(target), who)
        assert.deepEqual(decide(rules, knownTarget(target), who), decision)
        const covered = coverage.targets[place]!
        if (decision.answer === 'gap') assert.ok(covered.gap, 'who would get no answer is a gap in the table')
        else if (decision.rule === undefined) assert.equal(rules.length, 0)
        else {
          assert.ok(covered.rules.includes(decision.rule), 'what is decided is in the table')
          assert.ok(rules.slice(0, decision.rule).every((before) => decide([before], knownTarget(target), who).answer === 'gap'), 'no rule before it fits')
        }
      }
    }
    assert.equal(coverage.gaps, coverage.targets.filter((each) => each.gap).length)
  }), { numRuns: 400 })
})

test('a list that ends with a rule for all others has no gaps, in whatever order the others stand', () => {
  fc.assert(fc.property(fc.array(rule, { maxLength: 5 }).chain((rules) => fc.shuffledSubarray(rules, { minLength: rules.length })), fc.array(offices, { minLength: 1, maxLength: 5 }), (rules, targets) => {
    const coverage = cover(targets.map((each) => ({ office: each, copy: false })), [...rules, { conditions: [], outcome: 'skip', variant: null }])
    assert.equal(coverage.gaps, 0)
    assert.ok(coverage.targets.every((each) => each.rules.length > 0))
  }))
})

test('values are compared without regard to capitals, width and spaces', () => {
  assert.equal(fold('  Harbour   LIST '), fold('ｈａｒｂｏｕｒ list'))
  const rules: Rule[] = [{ conditions: [{ attribute: 'party', is: true, values: ['harbour list'] }], outcome: 'main', variant: null }]
  assert.equal(decide(rules, knownTarget(office('Harbour  List', 'a', 'b', 'c')), {}).answer, 'write')
  assert.equal(decide(rules, knownTarget(office('', 'a', 'b', '')), {}).answer, 'gap', 'a vacant seat has no party')
})

const byParty = (party: string, outcome: Rule['outcome'], id: string | null = null): Rule => ({ conditions: [{ attribute: 'party', is: true, values: [party] }], outcome, variant: id })
const rest = (outcome: Rule['outcome']): Rule => ({ conditions: [], outcome, variant: null })
const words = async (language: string) => (await newestRevisions(it.db, act.message)).find((each) => each.language === language)!
const draft = () => sql`update actions set state = 'draft' where id = ${act.message}`.execute(it.db)
const missing = () => tx<string[]>((each) => missingParts(each, { id: act.message, kind: 'message', imageId: null, schemeId: null }, act.now))

test('an action does not open while there is a target without an answer, words that a rule leads to are missing, or nobody is written to', async () => {
  await draft()
  await tx((each) => setTargets(each, act.message, [{ body: 'marovia-assembly' }]))
  assert.deepEqual(await missing(), [])
  const thanks = await tx<string>((each) => addVariant(each, act.message, 'Thanks'))
  await tx((each) => setRules(each, act.message, () => [byParty('Harbour List', 'variant', thanks), byParty('Progress Bench', 'skip')]))
  const coverage = await coverageOf(it.db, act.message, '2027-03-01')
  assert.ok(coverage.gaps > 0)
  for (const { office: each, rules, gap } of coverage.targets) {
    const party = each.holders[0]?.party
    assert.deepEqual([rules, gap], party === 'Harbour List' ? [[0], false] : party === 'Progress Bench' ? [[1], false] : [[], true], each.label)
  }
  assert.deepEqual(await missing(), ['variant-words', 'gaps'])
  assert.equal((await tx<{ outcome: string }>((each) => moveAction(each, { id: act.message, to: 'open', staffId: null }, act.now))).outcome, 'incomplete')

  await tx((each) => setRules(each, act.message, (rules) => [...rules, rest('main')]))
  assert.deepEqual(await missing(), ['variant-words'])
  for (const language of ['en', 'ar']) {
    const revision = await words(language)
    await tx((each) => saveWords(each, { actionId: act.message, language, words: { ...revision.words, variants: [{ id: thanks, subject: 'Thank you', subjects: [], greeting: '{salutation}', body: 'Thank you.', closing: '{name}' }] }, staffId: null }, act.now))
  }
  assert.deepEqual(await missing(), [])

  await tx((each) => setRules(each, act.message, () => [rest('skip')]))
  assert.deepEqual(await missing(), ['nobody'])
  await tx((each) => removeVariant(each, act.message, thanks))
  await tx((each) => setRules(each, act.message, () => []))
  assert.deepEqual(await missing(), [])
})

test('rules about supporters are held against every sort of them: two that leave nobody out are whole, one alone is not', async () => {
  const inside: Rule = { conditions: [{ attribute: 'language', is: true, values: ['ar'] }], outcome: 'main', variant: null }
  await tx((each) => setRules(each, act.message, () => [inside]))
  assert.deepEqual(await missing(), ['gaps'])
  await tx((each) => setRules(each, act.message, () => [inside, { ...inside, conditions: [{ ...inside.conditions[0]!, is: false }] }]))
  assert.deepEqual(await missing(), [])
  assert.deepEqual((await coverageOf(it.db, act.message, '2027-03-01')).targets[0]!.rules, [0, 1], 'it depends on who writes')
  await tx((each) => setRules(each, act.message, () => []))
})

test('an action that asks for codes of another country’s kind cannot open: none leads to whom it writes to', async () => {
  await sql`insert into lookup_schemes (id, names, formats) select 'far-postcode', names, formats from lookup_schemes limit 1`.execute(it.db)
  const { scheme_id } = await it.db.selectFrom('actions').select('scheme_id').where('id', '=', act.message).executeTakeFirstOrThrow()
  const asks = (scheme: string | null) => it.db.updateTable('actions').set({ scheme_id: scheme }).where('id', '=', act.message).execute()
  await asks('far-postcode')
  assert.deepEqual(await missing(), ['codes'])
  await asks(null)
  assert.deepEqual(await missing(), [], 'a list to choose from leads everywhere')
  await asks(scheme_id)
})

test('a group that only gets copies is nobody to write to, and an embassy needs to know the supporter’s country', async () => {
  await tx((each) => setTargets(each, act.message, []))
  await tx((each) => setGroup(each, act.message, { number: 2, role: 'copy', mode: 'all', most: 1 }, [{ office: 'marovia-government:justice' }]))
  assert.deepEqual(await missing(), ['targets'])
  await tx((each) => setGroup(each, act.message, { number: 1, role: 'target', mode: 'all', most: 1 }, [{ body: 'marovia-assembly' }]))
  assert.deepEqual(await missing(), [])
  await sql`update offices set represents = 'XA', host = 'XB' where id = 'marovia-government:foreign-affairs'`.execute(it.db)
  await tx((each) => setGroup(each, act.message, { number: 3, role: 'target', mode: 'all', most: 1 }, [{ embassyOf: 'XA' }]))
  assert.deepEqual(await missing(), ['country'])
  assert.ok((await coverageOf(it.db, act.message, '2027-03-01')).targets.some((each) => each.office.id === 'marovia-government:foreign-affairs'))
  for (const number of [2, 3]) await tx((each) => setGroup(each, act.message, { number, role: 'target', mode: 'all', most: 1 }, []))
})

test('a field without its column is named before the action opens; facts find their place by id, code or name, and what they do not find is said', async () => {
  const revision = await words('en')
  const arabic = await words('ar')
  for (const each of [revision, arabic]) await tx((within) => saveWords(within, { actionId: act.message, language: each.language, words: { ...each.words, body: 'There are {fact_cases|many} cases in {area}.' }, staffId: null }, act.now))
  assert.deepEqual(await missing(), ['facts'])
  await tx((each) => addFactColumns(each, act.message, ['cases']))
  assert.deepEqual(await missing(), [])
  assert.deepEqual(await placeFacts(it.db, act.message, [['marovia:AR', '4'], ['BE', '1'], ['corvane', '2'], ['أردنهال', '4'], ['Nowhere', '3']]), [{ areaId: 'marovia:AR' }, { areaId: 'marovia:BE' }, { areaId: 'marovia:CO' }, { areaId: 'marovia:AR' }, { fault: 'unknown' }])
  assert.deepEqual(await placeFacts(it.db, act.message, [['AR', '4'], ['BE', '1'], ['Ardenhal', '5']]), [{ fault: 'twice' }, { areaId: 'marovia:BE' }, { fault: 'twice' }], 'which of two is right nobody knows')
  await tx((each) => setFacts(each, act.message, [{ areaId: 'marovia:AR', facts: { cases: '12' } }, { areaId: 'marovia:BE', facts: { cases: '3' } }]))
  await tx((each) => setFacts(each, act.message, [{ areaId: 'marovia:BE', facts: { cases: ' ' } }]))
  const { rows } = await sql<{ area_id: string, facts: object }>`select area_id, facts from area_facts order by area_id`.execute(it.db)
  assert.deepEqual(rows, [{ area_id: 'marovia:AR', facts: { cases: '12' } }, { area_id: 'marovia:BE', facts: {} }])
  for (const each of [revision, arabic]) await tx((within) => saveWords(within, { actionId: act.message, language: each.language, words: each.words, staffId: null }, act.now))
})

test('a field that is empty for some needs a fall-back before the action opens, so that no letter goes out with a hole in it', async () => {
  const revision = await words('en')
  const arabic = await words('ar')
  const say = async (body: string) => {
    for (const each of [revision, arabic]) await tx((within) => saveWords(within, { actionId: act.message, language: each.language, words: { ...each.words, body }, staffId: null }, act.now))
    return missing()
  }
  await tx((each) => setTargets(each, act.message, [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }]))
  assert.deepEqual(await say('I live in {area}.'), ['fall-backs'], 'whoever lives elsewhere writes to the minister alone')
  await tx((each) => setTargets(each, act.message, [{ body: 'marovia-assembly' }]))
  assert.deepEqual(await say('I live in {area}.'), [], 'whoever has a representative lives somewhere')
  assert.deepEqual(await say('I write from {country}.'), ['fall-backs'])
  assert.deepEqual(await say('I write from {country|abroad}, {postcode|}.'), [])
  await tx((each) => setTargets(each, act.message, [{ office: 'marovia-government:justice' }]))
  assert.deepEqual(await say('I live in {area}.'), ['fall-backs'], 'where only a minister is written to nobody is asked where they live')
  assert.deepEqual(await say('There are {fact_cases} cases.'), ['fall-backs'])
  await tx((each) => setTargets(each, act.message, [{ body: 'marovia-assembly' }]))
  await say(revision.words.body)
})

test('what supporters report is counted apart, once for a second click, and says nothing of who they are', async () => {
  const report = { once: 'a key', actionId: act.message, officeId: 'marovia-government:justice', channel: 'phone' as const, practice: true }
  for (const once of ['a key', 'a key', 'another']) await reportContact(it.as('site'), { ...report, once }, act.now)
  await reportContact(it.as('site'), { ...report, channel: 'post' }, act.now)
  assert.deepEqual(await reportedContacts(it.as('desk'), act.message), { phone: 2, form: 0, post: 1 })
  assert.equal((await sql`select 1 from participations`.execute(it.db)).rows.length, 0)
})
