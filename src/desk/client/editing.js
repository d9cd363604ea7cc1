// Improves the page where an item is written, which works without it: the rules of wording look while one types, and what they propose is done in the text itself.
const form = document.querySelector('form[data-findings]')
const beside = document.getElementById('findings')

/** Puts words in the place of others in a field, so that Ctrl+Z takes it back. */
function put(field, from, to, words) {
  field.focus()
  field.setSelectionRange(from, to)
  // The only way by which browsers remember it for undoing.
  const done = words ? document.execCommand('insertText', false, words) : document.execCommand('delete')
  if (done) return
  field.setRangeText(words, from, to, 'end')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

let asked = 0
let waiting
/** The texts that the findings beside them are about: a place in another text is no place. */
let lookedAt = new Map()

const textsNow = () => new Map([...form.querySelectorAll('textarea, input[name]')].map((each) => [each.id, each.value]))

/** Asks what there is to look at. Whoever is told at once what they pressed has changed goes on with the first of it. */
async function look(atOnce = false) {
  const mine = ++asked
  const texts = textsNow()
  try {
    const answer = await fetch(form.dataset.findings, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(new FormData(form)) })
    if (!answer.ok) return
    const { html } = await answer.json()
    // What was typed meanwhile is looked at by the next one; and whoever stands on a button keeps it.
    if (mine === asked && (atOnce || !beside.contains(document.activeElement))) {
      beside.innerHTML = html
      lookedAt = texts
      if (atOnce) beside.querySelector('.findings button')?.focus()
    } else if (mine === asked) beside.addEventListener('focusout', later, { once: true })
  } catch {
    // The button "Check the wording" says what is wrong with the line.
  }
}

function later() {
  asked += 1
  clearTimeout(waiting)
  waiting = setTimeout(() => { void look() }, 700)
}

/** After something was put right, what else was found in that field has moved with its words, and what was about the same words is gone. Returns the finding that comes next. */
function movedOn(done, { name, from, to, with: words }) {
  const all = [...beside.querySelectorAll('.findings > li')]
  const by = words.length - (to - from)
  for (const item of all) {
    const place = item.querySelector('a[data-place]')
    const [field, start, end] = place.dataset.place.split(' ')
    if (item === done || (field === name && Number(start) < to && Number(end) > from)) item.remove()
    if (field !== name || Number(start) < to) continue
    place.dataset.place = [name, Number(start) + by, Number(end) + by].join(' ')
    for (const button of item.querySelectorAll('[data-mend]')) {
      const mend = JSON.parse(button.dataset.mend)
      button.dataset.mend = JSON.stringify({ ...mend, from: mend.from + by, to: mend.to + by })
    }
  }
  return all.slice(all.indexOf(done) + 1).find((each) => each.isConnected)
}

/** Does what a finding proposes, if its text is still the one that was looked at; otherwise looks again. */
function mendAt(button, byKey) {
  const mend = JSON.parse(button.dataset.mend)
  const field = document.getElementById(mend.name)
  if (!field || field.disabled) return false
  if (field.value !== lookedAt.get(mend.name)) {
    void look(true)
    return true
  }
  field.closest('details')?.setAttribute('open', '')
  const wanted = field.value.slice(0, mend.from) + mend.with + field.value.slice(mend.to)
  // A visual editor over the field does it in its own way.
  if (field.dispatchEvent(new CustomEvent('mend', { cancelable: true, detail: { from: mend.from, to: mend.to, words: mend.with } }))) put(field, mend.from, mend.to, mend.with)
  if (field.value === wanted) lookedAt.set(mend.name, wanted)
  const next = movedOn(button.closest('li'), mend)
  // Whoever does it by key goes on to the next one, and after the last is back in the text.
  if (byKey) next?.querySelector('button')?.focus()
  later()
  return true
}

let cameFrom

function goToNext() {
  const all = [...beside.querySelectorAll('.findings > li')]
  const here = all.indexOf(document.activeElement.closest('.findings > li'))
  if (!beside.contains(document.activeElement)) cameFrom = document.activeElement
  const next = all[here + 1] ?? all[0]
  next?.querySelector('button').focus()
}

if (form && beside) {
  lookedAt = textsNow()
  beside.classList.add('by-keys')
  form.addEventListener('input', later)
  document.addEventListener('keydown', (event) => {
    if (event.key === 'F8' && beside.querySelector('.findings > li')) {
      event.preventDefault()
      goToNext()
    } else if (event.key === 'Escape' && beside.contains(document.activeElement) && cameFrom?.isConnected) cameFrom.focus()
    else if (event.key === 's' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      // Whoever saves by habit saves the words, not the page.
      event.preventDefault()
      form.requestSubmit(form.querySelector('button[name=then][value=save]'))
    }
  })
  beside.addEventListener('click', (event) => {
    const place = event.target.closest('a[data-place]')
    const mend = event.target.closest('button[data-mend]')
    if (place) {
      const [name, from, to] = place.dataset.place.split(' ')
      const field = document.getElementById(name)
      if (!field) return
      event.preventDefault()
      field.closest('details')?.setAttribute('open', '')
      const seen = new CustomEvent('show-place', { cancelable: true, detail: { from: Number(from), to: Number(to) } })
      if (!field.dispatchEvent(seen)) return
      field.focus()
      field.setSelectionRange(Number(from), Number(to))
    } else if (mend && mendAt(mend, event.detail === 0)) event.preventDefault()
  })
}

if (form?.dataset.visual) void import('./visual.js').then(({ offerVisual }) => offerVisual(form))
