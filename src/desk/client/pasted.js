// What other programs put into the clipboard, as plain HTML that the editor reads by its own rules: it takes from it what a text may hold, and nothing else.

/** HTML from a clipboard without what word processors add; their lists, which are paragraphs with drawn signs, become lists. */
export function cleaned(html) {
  // The page's policy lets no style through, and need not hear of it: what a style says is read, and never applied.
  const page = new DOMParser().parseFromString(html.replace(/<style\b[\s\S]*?(?:<\/style>|$)/gi, '').replace(/(<[a-z][^>]*?\s)style(?=\s*=)/gi, '$1data-style'), 'text/html')
  for (const each of page.querySelectorAll('style, script, title, meta, link, iframe, object, svg, form, button, input, select, textarea, noscript, [hidden], o\\:p')) each.remove()
  for (const each of page.querySelectorAll('[data-style]')) {
    const style = each.getAttribute('data-style').toLowerCase()
    const weight = /(?:^|[;\s])font-weight:\s*(\w+)/.exec(style)?.[1] ?? ''
    if (each.localName === 'b' && /^(?:normal|[1-5]00)$/.test(weight)) each.replaceWith(...each.childNodes)
    else if (each.localName === 'span' && /^(?:bold|bolder|[6-9]00)$/.test(weight)) within(page, each, 'strong')
    if (each.localName === 'span' && /(?:^|[;\s])font-style:\s*italic/.test(style)) within(page, each, 'em')
  }
  for (const row of page.querySelectorAll('tr')) asLines(page, row)
  // The lists that are open, the outermost first: each level of a word processor's list lies in the last row of the one above.
  let open = []
  for (const item of page.querySelectorAll('p')) {
    const style = item.getAttribute('data-style') ?? ''
    if (!/mso-list:\s*l\d/i.test(style)) {
      if (item.previousElementSibling === open[0]) open = []
      continue
    }
    if (item.previousElementSibling !== open[0]) open = []
    const sign = [...item.querySelectorAll('span')].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute('data-style') ?? ''))
    const name = /^\s*(?:\d+|[a-z]|[ivx]+)[.)]/i.test(sign?.textContent ?? '') ? 'ol' : 'ul'
    sign?.remove()
    const level = Math.min(Number(/level(\d)/i.exec(style)?.[1] ?? 1), open.length + 1)
    open = open.slice(0, level)
    if (open[level - 1]?.localName !== name) {
      const list = page.createElement(name)
      if (level === 1) item.before(list)
      else open[level - 2].lastElementChild.append(list)
      open = [...open.slice(0, level - 1), list]
    }
    const row = page.createElement('li')
    open[level - 1].append(row)
    row.append(item)
  }
  return page.body.innerHTML
}

function within(page, span, name) {
  const mark = page.createElement(name)
  mark.append(...span.childNodes)
  span.append(mark)
}

/** A row of a table becomes a line, its cells with a dot between them; one that only lays out a page gives up what stands in it. */
function asLines(page, row) {
  const cells = [...row.children]
  // A word processor puts a paragraph into every cell.
  for (const cell of cells) if (cell.children.length === 1 && cell.firstElementChild.localName === 'p' && cell.textContent.trim() === cell.firstElementChild.textContent.trim()) cell.replaceChildren(...cell.firstElementChild.childNodes)
  if (cells.some((cell) => cell.querySelector('p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, blockquote'))) {
    for (const cell of cells) row.closest('table').before(...cell.childNodes)
    return row.remove()
  }
  const line = page.createElement('p')
  for (const [place, cell] of cells.filter((each) => each.textContent.trim()).entries()) line.append(place > 0 ? ' · ' : '', ...cell.childNodes)
  row.closest('table').before(line)
  row.remove()
}
