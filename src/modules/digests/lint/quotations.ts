const hole = '\ufffc'
const notProse = /https?:\/\/[^\s<>]{1,2000}|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|\{\{[^{}]{0,300}\}\}|::?[a-z-]{2,30}(?:\[[^[\]]{0,300}\])?\{[^{}]{0,300}\}|:figure\[[^\]\n]{0,300}\]|`[^`]{1,300}`|\]\([^()\s]{1,2000}\)/giu

const pairs: [open: string, close: string][] = [['“', '”'], ['«', '»'], ['„', '“'], ['„', '”'], ['‹', '›']]

/** A text with more single marks that open nothing has apostrophes there. */
const mostLone = 100

/** Where quotations are in a text, with their marks. One that does not end goes to the end: so a quotation of several paragraphs is written. */
export function quotations(text: string): [start: number, end: number][] {
  const found: [number, number][] = []
  let lone = 0
  for (let place = 0; place < text.length; place++) {
    const single = text[place] === '\'' || text[place] === '‘'
    if (single && lone > mostLone) continue
    const end = endOf(text, place)
    if (end === undefined) {
      if (single) lone += 1
      continue
    }
    found.push([place, end])
    place = end - 1
  }
  return found
}

function endOf(text: string, place: number): number | undefined {
  const mark = text[place]!
  if (mark === '"' || mark === '״') {
    // Hebrew writes abbreviations with this mark inside a word.
    if (/\p{L}/u.test(text[place - 1] ?? '') && /\p{L}/u.test(text[place + 1] ?? '')) return undefined
    if (!/^(?:|[\s([{–—-])$/.test(text[place - 1] ?? '') || /^(?:|\s)$/.test(text[place + 1] ?? '')) return undefined
    return after(text.indexOf(mark, place + 1), text)
  }
  const closes = pairs.filter(([open]) => open === mark).map(([, close]) => text.indexOf(close, place + 1)).filter((each) => each >= 0)
  if (pairs.some(([open]) => open === mark)) return closes.length ? Math.min(...closes) + 1 : text.length
  if (mark !== '\'' && mark !== '‘') return undefined
  if (!/^(?:|[\s([{“"–—-])$/.test(text[place - 1] ?? '') || !/[\p{L}\p{N}]/u.test(text[place + 1] ?? '')) return undefined
  // An apostrophe within a word, or behind the s of a plural in the midst of a sentence, does not close.
  const close = mark === '‘' ? '’' : '\''
  for (let end = text.indexOf(close, place + 1); end >= 0 && end - place < 600; end = text.indexOf(close, end + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[end + 1] ?? '') && !/\s/.test(text[end - 1]!) && !(/s/.test(text[end - 1]!) && /^\s\p{Ll}/u.test(text.slice(end + 1, end + 3)) && text.indexOf(close, end + 1) > 0)) return end + 1
  }
  return undefined
}

function after(found: number, text: string): number {
  return found < 0 ? text.length : found + 1
}

/** A text of the same length in which quotations, addresses, directives and code cannot be read. */
export function masked(text: string): string {
  let made = text
  if (/["'“‘«„‹״]/.test(text)) {
    let from = 0
    made = ''
    for (const [start, end] of quotations(text)) {
      made += text.slice(from, start) + hole.repeat(end - start)
      from = end
    }
    made += text.slice(from)
  }
  return /[@{`:\]]/.test(made) ? made.replace(notProse, (found) => hole.repeat(found.length)) : made
}
