/**
 * Switches: what staff turn off for everybody on the worst day, and on again. Each takes effect within a second, everywhere.
 */
export { isSwitchName, readSwitches, switchedOff, switchNames, switchOff, switchOn, whatIsOff, type Switch, type SwitchName } from './switches.ts'
