/**
 * Alerts: how the machine is, and who is told when it, or a count, needs somebody.
 *
 * Those who asked get one mail when something begins and a calm one when it is over. No mail says anything about a supporter.
 */
export { backlogNumbers, readBacklog } from './backlog.ts'
export { incidentKinds, noteIncidents, openIncidents } from './incidents.ts'
export { askForAlerts, handOverAlerts, noMoreAlerts, wantsAlerts } from './requests.ts'
export { beat, workerIsGone, workerTroubles } from './troubles.ts'
export { tellOfHead } from './heads.ts'
export { tellOfMessages } from './messages.ts'
export { promiseSurgeMails } from './surges.ts'
export { tellStaff } from './telling.ts'
