/**
 * How far ahead of our own clock a time in the database may lie, in milliseconds, before we take it for one from before the clock
 * was put back. Machines that keep time differ by far less (NTP: milliseconds).
 */
export const clockTolerance = 60_000
