/** Days on the calendar of a zone until something ends: 0 is today. Undefined where it has no end, or has ended. */
export function daysLeft(closesAt: Date | null, zone: string, now: Date): number | undefined {
  if (!closesAt || closesAt <= now) return undefined
  const day = (moment: number) => Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate()
  // What closes at midnight is open for the last time on the day before.
  return day(now.getTime()).until(day(closesAt.getTime() - 1)).days
}
