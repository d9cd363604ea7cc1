// Shared by server and browser, like the reader it is added to.

const wholeLine = /^::([a-z-]*)\[([^\]]*)(\])?[ \t]*$/
const within = /:figure\[([^\]\n]*)\]/y

/** @param {string} text */
function handlesOf(text) {
  const handles = text.split(/[,،]/).map((each) => each.trim()).filter(Boolean)
  return handles.length > 0 ? handles : ['']
}

/**
 * Teaches a Markdown reader our directives: a token "directive", whose meta says kind, handles and whether it stands within a sentence.
 * @param {import('markdown-it').default} reader
 */
export function withDirectives(reader) {
  reader.block.ruler.before('paragraph', 'directive', (state, startLine, _, silent) => {
    const line = state.src.slice((state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0), state.eMarks[startLine])
    const found = wholeLine.exec(line)
    if (!found) return false
    if (silent) return true
    const token = state.push('directive', '', 0)
    token.meta = { kind: found[3] ? found[1] : `${found[1]}[`, handles: handlesOf(found[2] ?? ''), inline: false }
    token.content = line.trimEnd()
    token.map = [startLine, startLine + 1]
    state.line = startLine + 1
    return true
  }, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })

  reader.inline.ruler.before('text', 'directive', (state, silent) => {
    within.lastIndex = state.pos
    const found = within.exec(state.src)
    if (!found) return false
    if (!silent) {
      const token = state.push('directive', '', 0)
      token.meta = { kind: 'figure', handles: handlesOf(found[1] ?? ''), inline: true }
      token.content = found[0]
    }
    state.pos += found[0].length
    return true
  })
  // Text is read up to the next character that can begin something: the colon has to be one.
  reader.inline.ruler.at('text', (state, silent) => {
    let end = state.pos
    while (end < state.posMax && !/[\n!#$%&*+\-:<=>@[\\\]^_`{}~]/.test(state.src[end] ?? '')) end += 1
    if (end === state.pos) return false
    if (!silent) state.pending += state.src.slice(state.pos, end)
    state.pos = end
    return true
  })
}
