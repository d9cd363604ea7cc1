/** From when until when nothing leaves, by a clock: "21:00" to "08:00" goes over midnight. */
export interface QuietHours {
  from: string
  until: string
}

/** When quiet hours end that a moment lies in; nothing outside of them. Days on which clocks are changed have them too. */
export function quietUntil(quiet: QuietHours | null, zone: string, now: Date): Date | undefined {
  if (!quiet || quiet.from === quiet.until) return undefined
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone)
  const clock = here.toPlainTime().toString({ smallestUnit: 'minute' })
  const overnight = quiet.from > quiet.until
  const inside = overnight ? clock >= quiet.from || clock < quiet.until : clock >= quiet.from && clock < quiet.until
  if (!inside) return undefined
  const day = overnight && clock >= quiet.from ? here.toPlainDate().add({ days: 1 }) : here.toPlainDate()
  return new Date(day.toPlainDateTime(Temporal.PlainTime.from(quiet.until)).toZonedDateTime(zone).epochMilliseconds)
}
