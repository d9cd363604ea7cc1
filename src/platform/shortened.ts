/** The beginning of a text in whole words, with a sign that it goes on, where it has more than so many letters. */
export function shortened(text: string, most: number): string {
  const letters = Array.from(text)
  return letters.length <= most ? text : `${letters.slice(0, most).join('').replace(/\s+\S*$/, '')}…`
}
