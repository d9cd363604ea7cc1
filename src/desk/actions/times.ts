/** Time zones that people can choose. */
export function zones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')]
}

/** A moment as a date-and-time field shows it in a zone. */
export function toLocal(moment: Date | null, zone: string): string {
  if (!moment) return ''
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
}

/** The moment that a date-and-time field means in a zone; undefined if it is none. In the hour that a clock change skips or repeats, the later and the earlier one. */
export function fromLocal(text: string, zone: string): Date | undefined {
  try {
    return new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
  } catch {
    return undefined
  }
}
