// Writing by sight over a text box. The box keeps the text, is what is sent, and is one button away; nothing here decides what a text may hold.
import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list'
import { EditorState, NodeSelection, TextSelection } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { isAllowedLink } from '#platform/html/markdown-reader.js'
import { cleaned } from './pasted.js'
import { oneStop } from './toolbar.js'
import { blocksOf, schema, textOf } from './words-as-blocks.js'

const { nodes, marks } = schema
/** Pastes beyond this are no text that anybody wrote for a page; a body takes no more. */
const mostPasted = 500_000
const choice = 'clarion-write-by-sight'

const breakLine = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView())
  return true
})

/** Puts a record where the cursor is: a figure within the sentence, everything else as a block. */
function insertRecord(written) {
  return (state, dispatch) => {
    const node = written.startsWith('::') ? nodes.record.create({ written }) : nodes.figure.create({ written })
    dispatch?.(state.tr.replaceSelectionWith(node).scrollIntoView())
    return true
  }
}

function linkAs(words) {
  return (state, dispatch) => {
    const { from, to, empty } = state.selection
    if (state.doc.rangeHasMark(from, to, marks.link)) return toggleMark(marks.link)(state, dispatch)
    // oxlint-disable-next-line no-alert -- the plainest question that every reader of screens knows
    const href = window.prompt(words.linkAsk, 'https://')?.trim()
    if (!href || href === 'https://') return true
    // oxlint-disable-next-line no-alert
    if (!isAllowedLink(href)) return window.alert(words.linkWrong), true
    if (empty) dispatch?.(state.tr.replaceSelectionWith(schema.text(href, [marks.link.create({ href })]), false))
    else toggleMark(marks.link, { href })(state, dispatch)
    return true
  }
}

/** Opens the text box's editor. What is said comes from the page. */
export function openVisual(box, words, pickRecord) {
  const label = document.querySelector(`label[for="${CSS.escape(box.id)}"]`)?.textContent ?? ''
  const frame = Object.assign(document.createElement('div'), { className: 'visual' })
  const bar = Object.assign(document.createElement('div'), { className: 'bar', role: 'toolbar' })
  bar.setAttribute('aria-label', words.bar)
  const said = Object.assign(document.createElement('p'), { className: 'help' })
  said.setAttribute('role', 'status')
  let own = false

  const commands = [
    ['heading', setBlockType(nodes.heading, { level: 2 })], ['subheading', setBlockType(nodes.heading, { level: 3 })], ['words', setBlockType(nodes.paragraph)], ['bold', toggleMark(marks.strong)], ['italic', toggleMark(marks.em)],
    ['bullets', wrapInList(nodes.bullet_list)], ['numbers', wrapInList(nodes.ordered_list)], ['quotation', wrapIn(nodes.blockquote)], ['link', linkAs(words)],
    ['record', (state, dispatch) => { if (dispatch) pickRecord().then((written) => { view.focus(); if (written) insertRecord(written)(view.state, view.dispatch) }); return true }], ['undo', undo], ['redo', redo],
  ]
  const view = new EditorView(frame, {
    state: EditorState.create({
      doc: blocksOf(box.value),
      plugins: [history(), keymap({
        'Mod-z': undo, 'Mod-y': redo, 'Shift-Mod-z': redo, 'Mod-b': toggleMark(marks.strong), 'Mod-i': toggleMark(marks.em), 'Mod-k': linkAs(words), 'Enter': splitListItem(nodes.list_item), 'Mod-]': sinkListItem(nodes.list_item), 'Mod-[': liftListItem(nodes.list_item),
        'Shift-Enter': breakLine, 'Mod-Alt-2': setBlockType(nodes.heading, { level: 2 }), 'Mod-Alt-3': setBlockType(nodes.heading, { level: 3 }), 'Mod-Alt-0': setBlockType(nodes.paragraph), 'Shift-Mod-8': wrapInList(nodes.bullet_list), 'Shift-Mod-7': wrapInList(nodes.ordered_list),
      }), keymap(baseKeymap)],
    }),
    attributes: { 'role': 'textbox', 'aria-multiline': 'true', 'aria-label': label, 'aria-describedby': box.getAttribute('aria-describedby') ?? '', 'class': 'words-by-sight', 'lang': box.lang || document.querySelector('form[data-lang]')?.dataset.lang || '' },
    transformPastedHTML: cleaned,
    handlePaste(_, event) {
      const long = Math.max(event.clipboardData.getData('text/plain').length, event.clipboardData.getData('text/html').length / 8) > mostPasted
      said.textContent = long ? words.tooLong : ''
      return long
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction))
      marked()
      if (!transaction.docChanged) return
      own = true
      box.value = textOf(view.state.doc)
      box.dispatchEvent(new Event('input', { bubbles: true }))
      own = false
    },
  })

  const buttons = commands.map(([name, command]) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'plain', textContent: words[name] })
    button.addEventListener('click', () => { command(view.state, view.dispatch, view); if (name !== 'record') view.focus() })
    bar.append(button)
    return [name, button, command]
  })
  function marked() {
    const { from, to, empty, $from } = view.state.selection
    const has = (mark) => (empty ? Boolean(mark.isInSet(view.state.storedMarks ?? $from.marks())) : view.state.doc.rangeHasMark(from, to, mark))
    for (const [name, button, command] of buttons) {
      if (name === 'bold' || name === 'italic') button.setAttribute('aria-pressed', String(has(name === 'bold' ? marks.strong : marks.em)))
      else if (!['link', 'record'].includes(name)) button.setAttribute('aria-disabled', String(!command(view.state)))
    }
  }
  marked()
  oneStop(bar)
  frame.prepend(bar)
  frame.append(said)

  /** The text was changed as text: blocks that say the same stay, so that Ctrl+Z knows what to take back. */
  function readAgain(text) {
    const made = blocksOf(text)
    const old = view.state.doc
    let start = 0
    while (start < old.childCount && start < made.childCount && old.child(start).eq(made.child(start))) start += 1
    let end = 0
    while (end < old.childCount - start && end < made.childCount - start && old.child(old.childCount - 1 - end).eq(made.child(made.childCount - 1 - end))) end += 1
    const at = (doc, count) => { let place = 0; for (let each = 0; each < count; each++) place += doc.child(each).nodeSize; return place }
    const fresh = []
    for (let each = start; each < made.childCount - end; each++) fresh.push(made.child(each))
    view.dispatch(view.state.tr.replaceWith(at(old, start), at(old, old.childCount - end), fresh))
  }

  const mend = (event) => {
    event.preventDefault()
    const { from, to, words: put } = event.detail
    readAgain(box.value.slice(0, from) + put + box.value.slice(to))
    view.focus()
  }
  const show = (event) => {
    event.preventDefault()
    const wanted = box.value.slice(event.detail.from, event.detail.to)
    let block = 0
    while (block < view.state.doc.childCount - 1 && textOf(view.state.doc.cut(0, atEnd(view.state.doc, block))).length <= event.detail.from) block += 1
    const from = block === 0 ? 0 : atEnd(view.state.doc, block - 1)
    let place = from
    view.state.doc.nodesBetween(from, atEnd(view.state.doc, block), (node, position) => { const found = node.isText ? node.text.indexOf(wanted) : -1; if (found >= 0 && place === from) place = position + found })
    const tr = view.state.tr
    view.dispatch(tr.setSelection(place === from ? (view.state.doc.child(block).isAtom ? NodeSelection.create(tr.doc, from) : TextSelection.near(tr.doc.resolve(from))) : TextSelection.create(tr.doc, place, place + wanted.length)).scrollIntoView())
    view.focus()
  }
  const typed = () => { if (!own) readAgain(box.value) }
  box.addEventListener('mend', mend)
  box.addEventListener('show-place', show)
  box.addEventListener('input', typed)
  box.hidden = true
  box.before(frame)
  return () => {
    for (const [name, handler] of [['mend', mend], ['show-place', show], ['input', typed]]) box.removeEventListener(name, handler)
    view.destroy()
    frame.remove()
    box.hidden = false
  }
}

function atEnd(doc, block) {
  let place = 0
  for (let each = 0; each <= block; each++) place += doc.child(each).nodeSize
  return place
}

/** A dialog that searches records by name and words, and gives back how a text refers to the chosen one. */
function picker(words, path) {
  const dialog = document.createElement('dialog')
  dialog.className = 'card'
  dialog.setAttribute('aria-label', words.record)
  const form = Object.assign(document.createElement('form'), { method: 'dialog' })
  const label = Object.assign(document.createElement('label'), { textContent: words.recordSearch, htmlFor: 'record-search' })
  const search = Object.assign(document.createElement('input'), { type: 'search', id: 'record-search', autocomplete: 'off' })
  const list = Object.assign(document.createElement('ul'), { className: 'todo' })
  const status = document.createElement('p')
  status.setAttribute('role', 'status')
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'plain', textContent: words.close })
  close.addEventListener('click', () => dialog.close(''))
  form.addEventListener('submit', (event) => event.preventDefault())
  form.append(label, search, status, list, close)
  dialog.append(form)
  document.body.append(dialog)
  let asked = 0
  async function look() {
    const mine = ++asked
    const answer = await fetch(`${path}?search=${encodeURIComponent(search.value)}`).catch(() => undefined)
    const { records } = answer?.ok ? await answer.json() : { records: [] }
    if (mine !== asked) return
    status.textContent = records.length > 0 ? '' : words.recordNone
    list.replaceChildren(...records.map(({ written, kind, title, language }) => {
      const item = document.createElement('li')
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'link', textContent: title, lang: language })
      button.dir = 'auto'
      button.addEventListener('click', () => dialog.close(written))
      item.append(button, Object.assign(document.createElement('small'), { textContent: `${kind} · ${written}`, dir: 'auto' }))
      return item
    }))
  }
  search.addEventListener('input', () => { void look() })
  return () => new Promise((done) => {
    search.value = ''
    void look()
    dialog.showModal()
    search.focus()
    dialog.addEventListener('close', () => done(dialog.returnValue), { once: true })
  })
}

/** Puts "by sight" and "as text" over the boxes of a form that hold Markdown, and remembers on this device which of them somebody likes. */
export function offerVisual(form) {
  const words = JSON.parse(form.dataset.visual)
  const pick = picker(words, form.dataset.records)
  for (const box of form.querySelectorAll('textarea[data-markdown]')) {
    const row = Object.assign(document.createElement('div'), { className: 'row' })
    const toggle = Object.assign(document.createElement('button'), { type: 'button', className: 'plain', textContent: words.bySight })
    let close
    const turn = () => {
      if (close) close = close()
      else close = openVisual(box, words, pick)
      toggle.textContent = close ? words.asText : words.bySight
      try { localStorage.setItem(choice, close ? 'yes' : 'no') } catch { /* It is asked again next time. */ }
    }
    toggle.addEventListener('click', () => { turn(); (close ? box.previousElementSibling.querySelector('[role=textbox]') : box).focus() })
    // In the plain box, a record is put at the cursor.
    const insert = Object.assign(document.createElement('button'), { type: 'button', className: 'plain', textContent: words.record })
    insert.addEventListener('click', async () => {
      const written = await pick()
      box.focus()
      if (written) document.execCommand('insertText', false, written.startsWith('::') ? `\n\n${written}\n\n` : written)
    })
    box.addEventListener('paste', (event) => {
      if (event.clipboardData.getData('text/plain').length <= mostPasted) return
      event.preventDefault()
      // oxlint-disable-next-line no-alert
      window.alert(words.tooLong)
    })
    row.append(toggle, insert)
    box.before(row)
    const shownAs = () => { insert.hidden = Boolean(close) }
    toggle.addEventListener('click', shownAs)
    let liked = 'yes'
    try { liked = localStorage.getItem(choice) ?? 'yes' } catch { /* As whoever has not chosen. */ }
    if (liked === 'yes') turn()
    shownAs()
  }
}
