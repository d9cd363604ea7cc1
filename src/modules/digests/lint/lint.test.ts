import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsWith } from '#modules/publishing/index.ts'
import { lintWordsOf } from './item-text.ts'
import { lint } from './lint.ts'
import { nothingKnown, type HouseStyle, type LintText } from './text.ts'

const today = '2026-11-26'
const known = {
  ...nothingKnown, places: [{ preferred: 'Marovia', others: ['Republic of Marovia', 'the Marov'] }], own: ['Lamplight'], people: ['Ilva Ferrin'], titles: ['Knowing the Law of the Night'],
  formerHolders: [{ name: 'Oren Maldin', office: 'prime minister' }],
}
const draft = (text: string, more: Partial<LintText> = {}): LintText => ({ language: 'en', kind: 'news', labels: [], date: '2024-06-07', title: 'Boats', passages: text.split('\n').map((each) => ({ text: each.replace(/^• /, ''), role: each.startsWith('• ') ? 'item' : 'text' })), links: [], images: [], ...more })
const found = (text: LintText, house: HouseStyle = {}) => lint(text, { today, known, house })

/** What a passage is after the first key of a rule. */
function mended(rule: string, text: string, more: Partial<LintText> = {}, house: HouseStyle = {}): string | undefined {
  const it = draft(text, more)
  const finding = found(it, house).find((each) => each.rule === rule && each.fixes[0]?.do === 'replace')
  const fix = finding?.fixes[0]
  if (fix?.do !== 'replace') return undefined
  const words = finding!.where.part === 'title' ? it.title : it.passages[finding!.where.index]!.text
  return words.slice(0, fix.start) + fix.with + words.slice(fix.end)
}

test('one key puts right what can be put right', () => {
  const cases: [rule: string, text: string, right: string, more?: Partial<LintText>, house?: HouseStyle][] = [
    ['L01', 'It was 26 0ctober 2023.', 'It was 26 October 2023.'], ['L02', 'It was on 28/05/2024.', 'It was on 28 May 2024.'], ['L03', 'The raid of 7 October was the first.', 'The raid of 7 October 2023 was the first.'], ['L03', 'It began on 7 October. They came.', 'It began on 7 October 2023. They came.'], ['L03', 'It began on 7 Oct. at noon.', 'It began on 7 Oct. 2023 at noon.'],
    ['L05', 'x', 'Boats seized', { title: 'Boats seized - URGENT ACTION' }], ['L09', 'The coast of Maroiva is long.', 'The coast of Marovia is long.'], ['L10', 'They took Ilva Ferrn home.', 'They took Ilva Ferrin home.'],
    ['L11', 'Then Lampligth asked.', 'Then Lamplight asked.'], ['L12', 'They came accross the bay.', 'They came across the bay.'], ['L13', 'It was in the the bay.', 'It was in the bay.'], ['L14', 'The coast ’s edge.', 'The coast’s edge.'],
    ['L15', 'A report,Black tide, came.', 'A report, Black tide, came.'], ['L15', 'No forceddisplacement here.', 'No forced displacement here.'], ['L17', 'They end Marovian’s occupation of it.', 'They end Marovian occupation of it.'],
    ['L18', 'that the findings of the inquiry into boats is made public', 'that the findings of the inquiry into boats are made public'], ['L19', 'said Nadia Oriel Lamplight’s director.', 'said Nadia Oriel, Lamplight’s director.'],
    ['L21', 'First 6546 boats, then 7,001 boats.', 'First 6,546 boats, then 7,001 boats.'], ['L25', 'Two  spaces.', 'Two spaces.'], ['L26', 'See https://lamplight.example/?utm_source=x now', 'See https://lamplight.example/ now'],
    ['L39', 'They ask Oren Maldin to stop.', 'They ask the prime minister to stop.'], ['L39', 'We call on Prime Minister Oren Teal to cancel all orders for the coast.', 'We call on the Prime Minister to cancel all orders for the coast.'], ['L41', 'In the Marov they wait.', 'In Marovia they wait.'], ['L42', 'An organization and a realisation and a specialisation.', 'An organisation and a realisation and a specialisation.'],
    ['L43', 'Take Knowing the law of the night today.', 'Take Knowing the Law of the Night today.'], ['L49', '• One thing.\n• Two things.\n• Three things', 'Three things.'], ['L50', 'On 02 May 2024 it rained.', 'On 2 May 2024 it rained.'],
    ['L42', 'The neighbourhood slept.', 'The neighborhood slept.', {}, { spelling: 'american' }], ['L41', 'The war ended.', 'The armed conflict ended.', {}, { terms: { war: 'armed conflict' } }],
  ]
  for (const [rule, text, right, more, house] of cases) assert.equal(mended(rule, text, more, house), right, `${rule}: ${text}`)
})

test('what only a person can put right is said', () => {
  const cases: [rule: string, text: string, more?: Partial<LintText>][] = [
    ['L02', 'It was on 07/06/2024.'], ['L16', '“It never ends, she said.'], ['L20', 'More than 17,439 have been injured.'], ['L22', 'Over 6,546 boats. At least 6,546 boats.'], ['L23', 'They killed 44 people there.'],
    ['L24', 'They killed 14 people and injured 20 people, according to the guild.'], ['L27', 'Write to [email protected] now.'], ['L28', 'Main menu'], ['L29', 'Sign here', { links: [{ text: 'Read more', href: null, paragraph: 0 }] }],
    ['L30', 'One.\nBackground information:\nTwo.'], ['L31', '• One\n• Two\nSee what we ask for'], ['L32', 'REN HALM/WIRE via Harbour ImagesMarovia/Mar'], ['L34', 'x', { images: [{ caption: 'A quay', credit: '', alt: 'A quay' }] }],
    ['L35', 'A truce would let all the boats in.\nA truce would let all the boats in.'], ['L36', '“A truce would let all the boats in again, and the nets would be mended.”'], ['L37', 'A new report says so.'], ['L38', 'She is a 15-year-old from Brindle.'],
    ['L40', 'The next hearing is on 8 August 2024.'], ['L44', 'Lamplight calls for:\n• An end to raids\n• The root causes to be addressed'], ['L45', 'They came at night.\nContent warning: what follows tells of death.'], ['L46', 'Country coordinators - Sefa Brand -'], ['L47', 'Words.', { date: null }],
  ]
  for (const [rule, text, more] of cases) assert.ok(found(draft(text, more)).some((each) => each.rule === rule), `${rule}: ${text}`)
})

test('what is right is left alone', () => {
  const silent = (rule: string, text: string, more: Partial<LintText> = {}) => assert.ok(!found(draft(text, more)).some((each) => each.rule === rule), `${rule}: ${text}`)
  silent('L37', 'Take action now by writing to the Assembly.')
  silent('L37', 'Read the report now and tell a friend.')
  silent('L10', 'They took Mina Ilvo home.', {})
  silent('L10', 'They took Munther Ferran home.')
  silent('L23', 'Three reporters asked two ministers about 4 boats.')
  const one = found(draft('Over 6,546 boats. More than 6,546 boats.')).find(({ rule }) => rule === 'L22')!
  assert.equal(one.values.fault, 'alike')
})

test('the people of a place, and what is theirs, are no slips of its name, in any language; a slip of theirs is one', () => {
  const names = { ...known, places: [{ preferred: 'Marovia and the Corvanian Isles', others: [] }, { preferred: 'Dastan', others: [] }, { preferred: 'ماروفيا', others: ['كورفان'] }, { preferred: 'קורוואן', others: ['מרוביה'] }] }
  const slips = (text: string, language = 'en') => lint({ ...draft(text), language }, { today, known: names, house: {} }).filter(({ rule }) => rule === 'L09').map(({ text: said }) => said)
  assert.deepEqual(slips('Marovians, a Marovian boat, the Dastani coast and two Corvanians of Corvania.'), [])
  assert.deepEqual(slips('قال كورفاني إن الماروفي في ماروفي بخير.', 'ar'), [])
  assert.deepEqual(slips('אישה קורוואני ואיש מרובי.', 'he'), [])
  assert.deepEqual(slips('Marovai and Corvainan, Dasten.'), ['Marovai', 'Corvainan', 'Dasten'])
})

test('a word is no slip for being a letter away from one that the field uses', () => {
  const slips = (text: string, language: string) => lint({ ...draft(text), language }, { today, known, house: {} }).filter(({ rule }) => rule === 'L12').map(({ text: said }) => said)
  assert.deepEqual(slips('They displayed a detailed project in two offices, under a heading about immunity and detection.', 'en'), [])
  assert.deepEqual(slips('Elles ont été libérées, les détenues et les réfugiées ; leur indépendance attire l’attention des avocates.', 'fr'), [])
  assert.deepEqual(slips('Las detenidas y las refugiadas hablan de la presión sobre las defensoras y de la detección.', 'es'), [])
  assert.deepEqual([slips('They asked about detenton.', 'en'), slips('Les prisoniers et les réfugés.', 'fr'), slips('La detencion de los refugados.', 'es')].map((each) => each.length), [1, 2, 2])
})

test('a caption that lost its picture is said to be one', () => {
  const silent = found(draft('They left the harbour in May 2021, and came back.', { date: null })).some(({ rule }) => rule === 'L34')
  assert.deepEqual([found(draft('The harbour police stop boats off the town of Brindle, May, 2021.', { date: null })).some(({ rule, values }) => rule === 'L34' && values.fault === 'caption'), silent], [true, false])
})

test('a warning moves to the front by one key, and what was a heading becomes one', () => {
  const body = 'They came at night.\n\n- One\n- Two\n\nSee what we ask for\n\nContent warning: what follows tells of death.'
  const all = lintWordsOf({ kind: 'news', words: wordsWith({ title: 'Boats', body }), language: 'en' }, { today })
  const after = (rule: string) => all.filter((each) => each.rule === rule).map(({ mends: [mend] }) => body.slice(0, mend!.from) + mend!.with + body.slice(mend!.to))[0]
  assert.equal(after('L31'), body.replace('See what', '## See what'))
  assert.equal(after('L45'), 'Content warning: what follows tells of death.\n\nThey came at night.\n\n- One\n- Two\n\nSee what we ask for')
})

test('within a quotation nothing is ever altered, in any language', () => {
  const cases: [text: string, language: string][] = [
    ['She said: “We came accross the the bay on 02 May 2024 ,and the organization of Maroiva  slept.”', 'en'], ['He wrote \'it came accross the the bay\' to us.', 'en'], ['“It came accross the the bay,\n“and they targetted us again and again', 'en'],
    ['Elle a dit : « le le gouvernment de Marovia ».', 'fr'], ['قالت: «ذهبنا الى الى البحر».', 'ar'], ['היא אמרה: "הלכנו אל אל הים".', 'he'],
  ]
  for (const [text, language] of cases) {
    const it = draft(text, { language })
    for (const { rule, where, fixes } of found(it, { spelling: 'british', terms: { bay: 'gulf' } })) {
      if (where.part !== 'passage' || !fixes.some((fix) => fix.do === 'replace')) continue
      const words = it.passages[where.index]!.text
      const opened = words.search(/[“«"']/u)
      assert.ok(where.start < opened || rule === 'L25', `${rule} in ${text}`)
    }
  }
  assert.ok(!found(draft('They say “the Marov” and we say Marovia.')).some(({ rule }) => rule === 'L41'))
})

test('an address that a web host hid is found as it was and as an import wrote it', () => {
  for (const written of ['[email protected]', '\\[email\u00a0protected\\]']) {
    const [finding] = lintWordsOf({ kind: 'news', words: wordsWith({ title: 'Boats', body: `Write to ${written} today.`, happened: '2024-06-07' }), language: 'en' }, { known, today }).filter(({ rule }) => rule === 'L27')
    assert.equal(finding?.severity, 'error', written)
  }
})

test('a house turns rules off, and asks more of what it publishes for the press', () => {
  assert.ok(!found(draft('It was in the the bay.'), { off: ['L13'] }).some(({ rule }) => rule === 'L13'))
  const severity = (kind: string) => found(draft('They killed 44 people there.', { kind }), { figuresNeedSource: ['press-release'] }).find(({ rule }) => rule === 'L23')!.severity
  assert.deepEqual([severity('press-release'), severity('blog-post')], ['error', 'warning'])
})

test('a house chooses digits, marks and words: the marks of a quotation change, and nothing between them', () => {
  const text = draft('She said "the the boats" and left.')
  const [finding] = found(text, { quotes: 'double' }).filter(({ rule }) => rule === 'L16')
  assert.deepEqual(finding!.fixes, [{ do: 'replace', start: 9, end: 24, with: '“the the boats”' }])
  assert.ok(!found(draft('She said “the boats” and left.'), { quotes: 'double' }).some(({ rule }) => rule === 'L16'))
  assert.equal(mended('L21', 'عاد 25 قاربًا.', { language: 'ar' }, { numerals: 'eastern' }), 'عاد ٢٥ قاربًا.')
  const never = found(draft('The sea-folk left.'), { terms: { 'sea-folk': '' }, levels: { L41: 'error' } }).find(({ rule }) => rule === 'L41')!
  assert.deepEqual([never.severity, never.fixes], ['error', []])
})

test('questions and answers, the texts of a campaign page and notes to editors are looked at as well', () => {
  const words = wordsWith({ title: 'Boats', questions: [{ id: 'a', question: 'Who?', answer: 'The the fleet.' }], blocks: [{ id: 'b', kind: 'items', title: '', items: [] }, { id: 'c', kind: 'text', title: 'Why', text: 'They came accross.' }], editors: 'Ask [email protected].' })
  const all = lintWordsOf({ kind: 'questions-and-answers', words, language: 'en' }, { today })
  const said = (wanted: string) => all.filter(({ rule }) => rule === wanted).map(({ field, line, from }) => [field, line, from])
  assert.deepEqual([said('L12'), said('L13'), said('L27')], [[[{ part: 'block', id: 'c', place: 2 }, 1, 10]], [[{ part: 'questions', id: '' }, 3, 9]], [[{ part: 'editors', id: '' }, 1, 4]]])
})

test('of an item as it is typed, a finding says its line, and what mends it lies there', () => {
  const words = { ...wordsWith({ title: 'Boats', summary: 'In the the bay.', body: '## One\n\nFine.\n\n> “the the”\n\n```\nthe the\n```\n\n::quote[the-the]\n\n- First\n- They came accross, [see all](https://lamplight.example/?utm_source=x).' }), title: 'Boats ' }
  const all = lintWordsOf({ kind: 'news', words, language: 'en' }, { today })
  const text = { title: words.title, summary: words.summary, body: words.body, paragraph: '' }
  const said = all.filter(({ rule }) => ['L12', 'L13', 'L25', 'L26'].includes(rule)).map(({ rule, field: { part }, line, from, to, mends }) => [rule, part, line, text[part as keyof typeof text].slice(from, to), mends[0]!.with])
  assert.deepEqual(said, [['L25', 'title', 1, ' ', ''], ['L13', 'summary', 1, 'the the', 'the'], ['L12', 'body', 14, 'accross', 'across'], ['L26', 'body', 14, '?utm_source=x', '']])
  const body = all.filter(({ field: { part }, mends }) => part === 'body' && mends.length > 0).toReversed().reduce((made, { mends: [mend] }) => made.slice(0, mend!.from) + mend!.with + made.slice(mend!.to), words.body)
  assert.match(body, /They came across, \[see all\]\(https:\/\/lamplight\.example\/\)\./)
  assert.match(body, /> “the the”\n\n```\nthe the\n```/)
})
