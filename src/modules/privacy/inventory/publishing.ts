import { keptDays } from '../expire.ts'
import { listed, type Noun } from './listed.ts'

const asLong = 'As long as the action.'
const forGood = 'For good.'
const untilChanged = 'Until it is changed.'

export const actions: Noun = {
  title: 'Actions',
  tables: {
    actions: listed('A petition or a message that people can take part in.', forGood,
      ['public', 'id slug kind state opens_at closes_at deliver_at drops_unsent zone options scheme_id image_id next_action_id instead_action_id share_channels demo created_at', 'what it is, and what its form asks']),
    action_events: listed('Every stop, reopening and closing.', asLong, ['public', 'id action_id happened_at from_state to_state reason outcome', 'what happened, when and why'], ['staff', 'staff_id', 'who did it']),
    asks: listed('What is asked, word for word. Once somebody has signed it, it cannot change.', asLong, ['public', 'id action_id language number ask created_at first_signed_at', 'the words, and since when they hold']),
    action_revisions: listed('Every saved version of an action’s words.', asLong, ['public', 'id action_id language words ask_id created_at', 'the words; public once published'], ['staff', 'staff_id', 'who saved it']),
    action_publications: listed('Which version is public from when on.', asLong, ['public', 'action_id language from_at revision_id', 'the pointer'], ['staff', 'staff_id', 'who set it']),
    action_targets: listed('Who is written to.', asLong, ['public', 'action_id position group_number body_id office_id embassy_of', 'the offices, and those of an area or a country']),
    action_groups: listed('How targets are chosen within a group.', asLong, ['public', 'action_id number role mode most', 'all, some, or one; written to, or sent a copy']),
    action_variants: listed('Other words for some targets, by name.', asLong, ['internal', 'id action_id name', 'what staff call them']),
    action_rules: listed('Which words a target gets, or none.', asLong, ['public', 'action_id position conditions outcome variant_id', 'what is asked of office and supporter, and what it leads to']),
    fact_columns: listed('What the table of facts has columns for.', asLong, ['public', 'action_id position name', 'the columns']),
    area_facts: listed('Facts about areas, for the words of an action.', asLong, ['public', 'action_id area_id facts', 'what stands in the message of whoever lives there']),
    contact_reports: listed('Calls, forms and letters that supporters say they made by themselves.', asLong, ['internal', 'id action_id office_id channel reported_on practice', 'which office, which way and which day: nothing of who says so']),
    action_statements: listed('Which questions of consent a form asks.', asLong, ['public', 'action_id position statement_id', 'the questions']),
    action_sheets: listed('Sheets to print.', asLong, ['public', 'action_id language revision_id ask_number made_for hash', 'which file, and what it was made from']),
    rehearsals: listed('Private links to try an action out.', asLong, ['staff', 'id action_id staff_id expires_at', 'who made it, and until when it works'], ['token', 'token_hash', 'of the link']),
  },
}

export const consent: Noun = {
  title: 'Questions of consent',
  tables: {
    controllers: listed('Who is responsible for data.', forGood, ['public', 'id publisher names privacy_url age_recipient retired_at', 'the organisation, or a partner, and the public half of its key']),
    consent_statements: listed('What people are asked whether they agree to.', forGood, ['public', 'id purpose channel about controller_id created_at retired_at', 'what for, by which channel, about one action or all, by whom']),
    consent_wordings: listed('The questions as they were asked; never edited.', forGood, ['public', 'id statement_id language version wording created_at', 'the words']),
  },
}

export const targets: Noun = {
  title: 'Offices and areas',
  tables: {
    bodies: listed('Parliaments, governments and the like.', untilChanged, ['public', 'id name names country source demo', 'what it is called, and where that comes from'], ['public', 'zone open_hours candidates_for election_on', 'its clock and its hours; whose candidates these are']),
    body_states: listed('When a body does not sit.', untilChanged, ['public', 'id body_id state since until note', 'what was announced'], ['internal', 'ended_terms', 'whose terms that ended, and until when each would have lasted']),
    holidays: listed('Days on which offices are closed.', untilChanged, ['public', 'id body_id office_id day name', 'which days']),
    areas: listed('Where offices answer.', untilChanged, ['public', 'id name names kind parent_id valid_from valid_until source demo', 'what it is called, and when it was']),
    area_shapes: listed('The boundaries of areas, from when until when.', untilChanged, ['public', 'area_id layer valid_from valid_until shape print checked_on source', 'as they are published']),
    offices: listed('Who is written to, whoever holds it.', untilChanged, ['public', 'id body_id label labels area_id seats salutations valid_until zone open_hours represents host form_limit source demo', 'the office, and when it is open']),
    officials: listed('People in public office.', untilChanged, ['public', 'id name names other_names formal_name party source demo', 'as their body publishes it']),
    terms: listed('Who held which office when.', untilChanged, ['public', 'id office_id official_id since until expected_until', 'from when to when'], ['internal', 'recorded_at', 'since when we know of it']),
    contact_details: listed('How an office is reached in its public role.', 'After it has ended, for the record.', ['public', 'id office_id official_id kind value source mapping checked_on ended_on', 'the published address, and when it was looked at']),
    contact_refusals: listed('Addresses of offices that a mail server refused for good.', 'With the address.', ['internal', 'contact_id refused_on code times looked_on', 'on which day, how often, and when somebody looked']),
    office_alternates: listed('A second address of an office in its public role.', untilChanged, ['public', 'office_id address source checked_on', 'the published address, and when it was looked at']),
    office_opt_outs: listed('Staff decisions not to write to an office.', forGood, ['public', 'id office_id notes until', 'which office, until when, and what supporters read'], ['staff', 'reason decided_at decided_by resumed_at resumed_by resumed_reason', 'who decided so, when and why']),
    office_replies: listed('What an office said in public.', 'For good; what was withdrawn is shown nowhere.', ['public', 'id office_id official_id action_id said_on language words source source_url', 'the quotation and its source'], ['staff', 'recorded_at recorded_by withdrawn_at withdrawn_by withdrawn_reason', 'who recorded it, and why it was withdrawn']),
    lookup_schemes: listed('How postcodes and the like are written.', untilChanged, ['public', 'id names formats tail outside_prefixes example demo', 'the pattern']),
    lookup_streets: listed('Which addresses of a code lie in which of its areas.', untilChanged, ['public', 'scheme_id code area_id street', 'as it is published']),
    lookup_codes: listed('From a code to its area.', untilChanged, ['public', 'scheme_id code area_id share valid_from valid_until', 'as it is published']),
    lookup_failures: listed('Look-ups that found nothing, added up.', `${keptDays.lookupFailures} days.`, ['internal', 'id happened_on scheme_id beginning result times', 'the first half of the code, the day and how often: never a whole code']),
    imports: listed('Files of offices, codes or boundaries that were loaded.', 'Until it is discarded; its file until it has run.', ['internal', 'id kind mapping file_name file as_of dry_run new_boundaries even_if_older state rows_read rows_total tally fault fault_line created_at ended_at', 'what was loaded and what became of it'], ['staff', 'staff_id', 'who did it']),
    mappings: listed('How files of offices, codes or boundaries are read.', 'Until somebody removes it.', ['internal', 'name kind mapping saved_at', 'which column is what']),
    loaded_files: listed('Which files offices and codes came from.', 'As long as the data.', ['internal', 'subject digest as_of loaded_at', 'a hash of the file, and its day']),
    import_rows: listed('What an import made of each row.', 'With the import.', ['internal', 'import_id row_number outcome label', 'which row, and what became of it']),
  },
}

export const organisation: Noun = {
  title: 'The organisation and its desk',
  tables: {
    publisher: listed('Who publishes here.', untilChanged, ['public', 'id default_language languages zone country accent logo email phone postal_address donate_url mail_from index_scheme exit_url exit_everywhere demo', 'how it is reached, and how its pages look']),
    publisher_texts: listed('What it says about itself.', untilChanged, ['public', 'language name responsible about privacy_policy', 'in each language']),
    menu_links: listed('What stands in the header of its pages besides.', untilChanged, ['public', 'language position label url', 'the links']),
    follow_links: listed('Where else it can be followed.', untilChanged, ['public', 'position label url', 'the links']),
    retention_clocks: listed('For how long what is forgotten by itself is kept.', untilChanged, ['internal', 'clock days', 'which clock, and how many days']),
    forgetting_runs: listed('When something was forgotten by itself, and how much.', `${keptDays.forgettingRuns} days.`,
      ['internal', 'id clock before due done started_at ended_at', 'which clock, how far it is'], ['personal', 'after_person', 'a random number: the last person that was looked at, most of whom are gone']),
    files: listed('Pictures and sheets.', forGood, ['public', 'hash media_type bytes created_at', 'the file; the public server reads those that something public shows']),
    images: listed('Whose pictures they are.', untilChanged, ['public', 'id credit demo created_at', 'the credit']),
    image_files: listed('A picture in its sizes.', untilChanged, ['public', 'image_id width height media_type hash', 'the files']),
    going_live: listed('Whether mails leave this machine.', 'Until it goes back to practice.', ['internal', 'id origin install_id went_live_at', 'for which address and installation'], ['staff', 'staff_id', 'who went live']),
    limits: listed('From how many sign-ups on a browser is asked for a little work.', untilChanged, ['internal', 'id active minutes per_network per_mailbox per_pattern per_domain far wait_seconds hold local_networks', 'the numbers']),
    restorations: listed('That this database was put back from a copy, and what came of it.', forGood, ['internal', 'id noticed_at copy_of register erased suppressed messages recipients mailings understood_at', 'when, and numbers'], ['staff', 'staff_id', 'who has understood it']),
    milestones: listed('What was done once and is reminded of: set-up, recovery sheet, backup.', forGood, ['internal', 'name reached_at', 'when'], ['staff', 'staff_id', 'who did it']),
    staff: listed('Who works here.', 'Who leaves loses password and keys at once; the sealed name stays, because the audit log speaks of it.',
      ['staff', 'id role roles language age_recipient failed_attempts locked_until created_at left_at', 'what they may do, and since when'], ['sealed', 'contact', 'name and e-mail address'],
      ['secret', 'password_hash', 'Argon2id'], ['sealed', 'one_time_secret', 'of their authenticator app'], ['internal', 'one_time_last', 'so that a code works once']),
    passkeys: listed('Their passkeys.', 'Until they are removed, or the staff member leaves.', ['staff', 'id staff_id public_key counter transports label created_at last_used_at', 'public halves, and when they were used']),
    desk_sessions: listed('Who is signed in.', `${keptDays.signin} day after it has ended.`, ['token', 'token_hash', 'of the browser’s cookie'], ['staff', 'staff_id created_at last_seen_at proved_at expires_at', 'who, since when, and when they last showed that it is them']),
    contact_notices: listed('Who of the staff was told that somebody has written to them.', 'As long as they work here.', ['staff', 'staff_id told_at due_at attempts', 'when they were told, and when they are to be']),
    staff_places: listed('What somebody looks after whose role is limited to their own.', 'Until it is changed, or the staff member leaves.', ['staff', 'staff_id place assigned_at', 'who looks after what']),
    deputies: listed('Who does somebody’s work while they are away.', 'Until it is removed.', ['staff', 'id staff_id deputy_id from_at until_at created_at', 'who for whom, from when to when']),
    recovery_codes: listed('Codes on paper that let in whoever lost a second factor.', 'Until new ones are made, or the staff member leaves.', ['token', 'code_hash', 'of the code'], ['staff', 'staff_id made_at used_at', 'whose, and when it was used']),
    signin_failures: listed('How many attempts to sign in failed, by day.', forGood, ['internal', 'day failures', 'a number; of nobody']),
    lockdown: listed('That everything is locked.', 'Until it is unlocked; the audit log keeps who did what.', ['staff', 'id locked_at staff_id reason', 'since when, by whom and why']),
    approval_limits: listed('From how many people on a second person must agree.', untilChanged, ['internal', 'kind above delay_hours', 'the numbers']),
    approvals: listed('What a second person was asked, and said.', forGood, ['staff', 'id kind subject_id fingerprint people reason asked_by asked_at stands_from answered_by answered_at answer answer_reason', 'who asked for what, and who answered']),
    signin_links: listed('Links to sign in with once.', `${keptDays.signin} day after they have ended.`, ['token', 'token_hash', 'of the link'], ['staff', 'staff_id created_at expires_at used_at', 'for whom, and until when']),
    passkey_challenges: listed('What a browser was asked to sign.', `${keptDays.signin} day after it has ended.`, ['token', 'token_hash', 'of the browser’s answer'], ['secret', 'challenge', 'a random number'], ['staff', 'staff_id expires_at', 'for whom, and until when']),
    undos: listed('What can be taken back within half a minute.', `${keptDays.signin} day after that.`, ['staff', 'id staff_id verb details expires_at used_at', 'what was done; by ids']),
    audit_log: listed('Who did what. Nobody can change it.', forGood, ['staff', 'id happened_at staff_id verb reason', 'who did what, when and why'], ['personal', 'subject_kind subject_ids details', 'to whom or what, by random ids']),
    audit_names: listed('What things that are gone are called in it: files that were tried and thrown away.', forGood, ['internal', 'subject_id name day', 'the name of the file, and its day']),
    audit_chain: listed('The seals of its lines, each over a line and the seal before.', forGood, ['internal', 'position audit_id hash', 'the order, and a hash']),
    audit_unsealed: listed('Lines that wait for their seal.', 'For some seconds.', ['internal', 'audit_id', 'which']),
    switches: listed('What is switched off for everybody.', 'Until it is on again; the audit log keeps who did what.', ['public', 'name off_since', 'what, and since when'], ['staff', 'reason staff_id', 'why, and who did it']),
    alert_requests: listed('Who wants to be written to when the machine needs somebody, or sign-ups are not as usual.', 'Until they want it no more.', ['staff', 'staff_id about asked_at', 'who, about what, and since when']),
    incidents: listed('When the machine needed somebody.', `${keptDays.incidents} days.`, ['internal', 'id kind began_at calm_since ended_at', 'what it was, from when to when']),
    incident_mails: listed('Mails to staff about that, or about a surge.', 'With the incident or surge.', ['staff', 'incident_id surge_id staff_id part due_at attempts sent_at', 'to whom, and when']),
    heartbeats: listed('The worker’s last sign of life.', untilChanged, ['internal', 'process beat_at beats', 'when it was, and how many there were']),
    key_rotations: listed('Moving from older keys to a new one.', forGood, ['internal', 'kind key process started_at under_old moved unreadable part after_row ended_at', 'to which key, and how far it is']),
    destroyed_keys: listed('Keys that are gone for good.', forGood, ['internal', 'key destroyed_at', 'what it was called, and since when']),
    recovery_keys: listed('What the recovery sheet needs to bring everything back.', untilChanged, ['internal', 'id', 'there is one'], ['sealed', 'index_keys', 'the keys that make indexes of addresses']),
    migrations: listed('Which steps of the program’s own have run.', forGood, ['internal', 'step name checksum taken_at', 'the steps']),
  },
}
