/**
 * Does something for each of many, a few at a time, and returns the results in order. Between two of them others in this process get
 * their turn: a hundred mails signed in one go would keep everybody waiting for a tenth of a second.
 */
export async function sideBySide<Item, Result>(atMost: number, items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = Array.from({ length: items.length })
  let next = 0
  await Promise.all(Array.from({ length: Math.min(atMost, items.length) }, async () => {
    for (let place = next++; place < items.length; place = next++) results[place] = await work(items[place]!)
  }))
  return results
}
