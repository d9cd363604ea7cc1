/** Two A4 pages in two columns hold about so many letters; a headline takes the room of so many. Measured with the sample country in Arabic and English. */
const room = 6200
const headline = 220

/** Of a longer paragraph the beginning is printed: the rest is where the code leads. */
export const mostOfOne = 1500

/** How many of the newest threads a bulletin looks at. */
export const mostLooked = 30

/** As many of the newest as there is room for; one that is too long for what is left ends the bulletin. */
export function fitting<Entry>(entries: Entry[], lengthOf: (entry: Entry) => { title: number, text: number }, most = room): Entry[] {
  let left = most
  const found: Entry[] = []
  for (const each of entries) {
    const { title, text } = lengthOf(each)
    left -= headline + title + Math.min(mostOfOne, text)
    if (left < 0 && found.length > 0) break
    found.push(each)
  }
  return found
}
