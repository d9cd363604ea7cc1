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

async function look() {
  const mine = ++asked
  try {
    const answer = await fetch(form.dataset.findings, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(new FormData(form)) })
    if (!answer.ok) return
    const { html } = await answer.json()
    // What was typed meanwhile is looked at by the next one; and whoever stands on a button keeps it.
    if (mine === asked && !beside.contains(document.activeElement)) beside.innerHTML = html
    else if (mine === asked) beside.addEventListener('focusout', later, { once: true })
  } catch {
    // The button "Check the wording" says what is wrong with the line.
  }
}

function later() {
  asked += 1
  clearTimeout(waiting)
  waiting = setTimeout(look, 700)
}

if (form && beside) {
  form.addEventListener('input', later)
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
    } else if (mend) {
      const { name, from, to, with: words } = JSON.parse(mend.dataset.mend)
      const field = document.getElementById(name)
      if (!field || field.disabled) return
      event.preventDefault()
      field.closest('details')?.setAttribute('open', '')
      // A visual editor over the field does it in its own way.
      if (field.dispatchEvent(new CustomEvent('mend', { cancelable: true, detail: { from, to, words } }))) put(field, from, to, words)
      later()
    }
  })
}

if (form?.dataset.visual) void import('./visual.js').then(({ offerVisual }) => offerVisual(form))
