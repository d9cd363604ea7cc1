// Improves pages that work without it: confirms by itself in the browser that signed, shares, copies, finds an area by position, and keeps a mail link in step with the text.
const confirmation = document.querySelector('form[data-confirm-by-itself]')
if (confirmation) confirmation.requestSubmit()

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy)
    await navigator.clipboard.writeText(source.value ?? source.textContent)
    button.textContent = button.dataset.done
  })
}

// Leaves without a step back: to this page there is none, and from the pages before it the way leads out again. Whoever comes anew stays.
const remembered = (change) => { try { return change(sessionStorage) } catch { return null } }
const leave = (to) => { document.documentElement.hidden = true; location.replace(to) }
for (const link of document.querySelectorAll('a[data-exit]')) {
  link.addEventListener('click', (event) => { event.preventDefault(); remembered((kept) => kept.setItem('left', link.href)); leave(link.href) })
}
window.addEventListener('pageshow', ({ persisted }) => {
  const to = remembered((kept) => kept.getItem('left'))
  if (!to) return
  if (persisted || performance.getEntriesByType('navigation')[0]?.type === 'back_forward') leave(to)
  else remembered((kept) => kept.removeItem('left'))
})

for (const button of document.querySelectorAll('button[data-share]')) {
  if (!navigator.share) continue
  button.hidden = false
  button.addEventListener('click', () => navigator.share({ title: button.dataset.title, text: button.dataset.text, url: button.dataset.share }).catch(() => {}))
}

for (const count of document.querySelectorAll('[data-counts]')) {
  const field = document.getElementById(count.dataset.counts)
  const { limit, used, over } = count.dataset
  let timer
  const say = () => {
    const left = limit - field.value.length
    const number = new Intl.NumberFormat(document.documentElement.lang)
    count.textContent = left < 0 ? over.replace('#', number.format(-left)) : used.replace('#', number.format(limit - left))
  }
  // Said once somebody pauses: a voice that counts every letter helps nobody.
  field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(say, 400) })
}

const encode = (text) => encodeURIComponent(text.replace(/\r\n?|\n/g, '\r\n')).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
for (const body of document.querySelectorAll('textarea[data-feeds-mailto]')) {
  const suffix = body.name.slice(4)
  const subject = document.getElementById(`subject${suffix}`)
  const update = () => {
    for (const link of document.querySelectorAll(`a[data-mailto][data-text="${suffix}"]`)) {
      const text = `${link.dataset.before}\n\n${body.value.trim()}\n\n${link.dataset.after}`
      const start = `${link.dataset.mailto}?subject=${encode(subject.value)}`
      const whole = `${start}&body=${encode(text)}`
      link.href = whole.length <= 1600 ? whole : start
    }
  }
  body.addEventListener('input', update)
  subject?.addEventListener('input', update)
}

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    // The second click of a double click: the server would recognise it too.
    if (form.dataset.sent) event.preventDefault()
    form.dataset.sent = 'yes'
    setTimeout(() => delete form.dataset.sent, 3000)
  })
}

for (const around of document.querySelectorAll('[data-point]')) {
  if (!navigator.geolocation) continue
  around.hidden = false
  const status = around.querySelector('[role=status]')
  around.querySelector('button').addEventListener('click', () => {
    import(around.dataset.point).then(({ findArea, words }) => findArea(around, words)).catch(() => { status.textContent = around.dataset.failed })
  })
}

// A veiled picture is loaded when somebody asks for it, in its place: without a script the link leads to it.
for (const veil of document.querySelectorAll('a[data-veil]')) {
  veil.addEventListener('click', (event) => {
    event.preventDefault()
    const shown = veil.querySelector('template').content.cloneNode(true)
    const image = shown.querySelector('img')
    image.tabIndex = -1
    veil.closest('.veiled').classList.remove('veiled')
    veil.replaceWith(shown)
    image.focus()
  })
}

// Whoever closes a notice has it closed from then on, on this device.
for (const notice of document.querySelectorAll('details[data-notice]')) {
  const key = `notice ${notice.dataset.notice}`
  try {
    if (localStorage.getItem(key)) notice.open = false
    notice.addEventListener('toggle', () => (notice.open ? localStorage.removeItem(key) : localStorage.setItem(key, 'read')))
  } catch { /* A browser that remembers nothing shows it each time. */ }
}
