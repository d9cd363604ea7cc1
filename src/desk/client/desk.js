// Improves the desk, which works without it: passkeys, and a preview of the colour.
const { startRegistration, startAuthentication } = window.SimpleWebAuthnBrowser ?? {}

async function post(path, value) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(value) })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

for (const button of document.querySelectorAll('button[data-passkey]')) {
  if (!startRegistration || !window.PublicKeyCredential) continue
  button.hidden = false
  document.getElementById('passkey-named')?.removeAttribute('hidden')
  button.addEventListener('click', async () => {
    const fault = document.getElementById('passkey-fault')
    fault.hidden = true
    let asked = false
    try {
      const { token, options } = await post(`/passkeys/${button.dataset.passkey}/start`, {})
      asked = true
      const response = button.dataset.passkey === 'add' ? await startRegistration({ optionsJSON: options }) : await startAuthentication({ optionsJSON: options })
      const answer = await post(`/passkeys/${button.dataset.passkey}/finish`, { token, response: JSON.stringify(response), label: document.getElementById('passkey-label')?.value ?? '', next: new URLSearchParams(location.search).get('next') ?? '' })
      // A form that waited for the passkey goes on its way as it is.
      if (button.dataset.passkey === 'again') document.getElementById('again').submit()
      else location.assign(answer.next)
    } catch (error) {
      // Adding one needs somebody who has just signed in.
      if (button.dataset.passkey === 'add' && error.message === '403' && !asked) return location.assign('/account/again')
      fault.hidden = false
    }
  })
}

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
    button.textContent = button.dataset.done
  })
}

for (const form of document.querySelectorAll('form[data-keep]')) {
  // What the server sent back was typed, and is saved nowhere.
  let changed = form.dataset.atRisk !== undefined
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault() })
}

// What is typed into an editor is kept on the server while it is typed, so that a closed lid loses nothing.
for (const form of document.querySelectorAll('form[data-autosave]')) {
  let waiting
  const said = form.querySelector('[data-kept]')
  const keep = async () => {
    try {
      await post(form.dataset.autosave, new FormData(form))
      said.textContent = said.dataset.kept
    } catch {
      said.textContent = ''
    }
  }
  form.addEventListener('input', () => {
    said.textContent = ''
    clearTimeout(waiting)
    waiting = setTimeout(keep, 2000)
  })
  form.addEventListener('submit', () => clearTimeout(waiting))
  if (form.dataset.atRisk !== undefined) void keep()
}
