// Does the work that a form asks for, beside the page, and sends the form when it is done. As plain as it can be: one small SHA-256.
const parts = 8
const constants = new Uint32Array(64)
const start = new Uint32Array(8)
{
  // FIPS 180-4: the first 32 bits of the fractional parts of roots of primes.
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0
  for (let number = 2, found = 0; found < 64; number++) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) prime = false
    if (!prime) continue
    if (found < 8) start[found] = fraction(Math.sqrt(number))
    constants[found++] = fraction(Math.cbrt(number))
  }
}
const words = new Uint32Array(64)

// The first 32 bits of the hash of what stands in the first eight words: 32 letters.
function firstBits() {
  words[8] = 0x80000000
  words.fill(0, 9, 15)
  words[15] = 256
  for (let t = 16; t < 64; t++) {
    const x = words[t - 15]
    const y = words[t - 2]
    words[t] = words[t - 16] + words[t - 7] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))
  }
  let [a, b, c, d, e, f, g, h] = start
  for (let t = 0; t < 64; t++) {
    const one = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + constants[t] + words[t]) | 0
    const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  return (a + start[0]) >>> 0
}

const letters = (text, place) => (text.charCodeAt(place) << 24) | (text.charCodeAt(place + 1) << 16) | (text.charCodeAt(place + 2) << 8) | text.charCodeAt(place + 3)

// Yields from time to time, so that whoever calls it can let others have a turn.
function* work(seed, bits) {
  const found = []
  for (let part = 0; part < parts; part++) {
    for (let number = 0; ; number++) {
      const text = `${seed}.${part}${number.toString(16).padStart(8, '0')}`
      for (let place = 0; place < 8; place++) words[place] = letters(text, 4 * place)
      if (firstBits() >>> (32 - bits) === 0) {
        found.push(text.slice(24))
        break
      }
      if (number % 1000 === 999) yield
    }
  }
  return found.join('.')
}

function workHere(seed, bits, done) {
  const working = work(seed, bits)
  const turn = () => {
    const { done: finished, value } = working.next()
    if (finished) done(value)
    else setTimeout(turn)
  }
  turn()
}

if (typeof document === 'undefined') {
  self.addEventListener('message', ({ data: { seed, bits } }) => {
    const working = work(seed, bits)
    let step = working.next()
    while (!step.done) step = working.next()
    // To whoever started this worker: there are no others, and no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    self.postMessage(step.value)
  })
} else {
  const form = document.querySelector('form[data-seed]')
  const { seed, bits } = form.dataset
  const done = (solution) => {
    form.elements.solution.value = solution
    form.requestSubmit()
  }
  let answered = false
  const here = () => {
    if (!answered) workHere(seed, Number(bits), done)
    answered = true
  }
  try {
    const helper = new Worker(document.currentScript.src)
    helper.addEventListener('message', ({ data }) => {
      answered = true
      done(data)
    })
    helper.addEventListener('error', here)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    helper.postMessage({ seed, bits: Number(bits) })
  } catch {
    here()
  }
}
