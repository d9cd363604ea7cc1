/** No paragraph is longer than this many characters: what is done for each of them must not grow with a file that was made to be slow. */
export const longest = 20_000

/** A line as pieces of a bounded length, cut at spaces where there are any. Together they are the line. */
export function pieces(line: string): string[] {
  if (line.length <= longest) return [line]
  const made: string[] = []
  for (let from = 0; from < line.length;) {
    let until = Math.min(line.length, from + longest)
    if (until < line.length) {
      const space = line.lastIndexOf(' ', until)
      if (space > from) until = space + 1
      // Never between the halves of a sign that takes two.
      else if (/[\ud800-\udbff]/.test(line[until - 1]!)) until -= 1
    }
    made.push(line.slice(from, until))
    from = until
  }
  return made
}
