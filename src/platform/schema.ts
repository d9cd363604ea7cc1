// Written by tools/write-schema.ts from the migrations: run "npm run schema" after changing them.
import type { ColumnType, Generated } from 'kysely'

/** Goes in as anything that JSON can say, comes out unchecked: read it with a zod schema. */
export type Json = ColumnType<unknown, unknown, unknown>

export interface ActionEventsRow {
  id: string
  action_id: string
  happened_at: Date
  staff_id: string | null
  from_state: string
  to_state: string
  reason: Generated<string>
  outcome: string | null
}

export interface ActionGroupsRow {
  action_id: string
  number: number
  role: string
  mode: string
  most: number
}

export interface ActionPublicationsRow {
  action_id: string
  language: string
  from_at: Date
  revision_id: string | null
  staff_id: string | null
}

export interface ActionRevisionsRow {
  id: string
  action_id: string
  language: string
  words: Json
  ask_id: string | null
  created_at: Date
  staff_id: string | null
}

export interface ActionRulesRow {
  action_id: string
  position: number
  conditions: Json
  outcome: string
  variant_id: string | null
}

export interface ActionSheetsRow {
  action_id: string
  language: string
  revision_id: string
  ask_number: number | null
  hash: Buffer
  made_for: Generated<string>
}

export interface ActionStatementsRow {
  action_id: string
  position: number
  statement_id: string
}

export interface ActionTargetsRow {
  action_id: string
  position: number
  body_id: string | null
  office_id: string | null
  group_number: Generated<number>
  embassy_of: string | null
}

export interface ActionVariantsRow {
  id: string
  action_id: string
  name: string
}

export interface ActionsRow {
  id: string
  slug: string
  kind: string
  state: string
  opens_at: Date | null
  closes_at: Date | null
  zone: string
  options: Json
  scheme_id: string | null
  image_id: string | null
  next_action_id: string | null
  share_channels: string[]
  demo: Generated<boolean>
  created_at: Date
  deliver_at: Date | null
  instead_action_id: string | null
  drops_unsent: Generated<boolean>
}

export interface AddressChangesRow {
  id: string
  token_hash: Buffer
  person_id: string
  name_index: Buffer | null
  whole: Generated<boolean>
  contact: Buffer
  language: string
  asked_at: Date
  expires_at: Date
}

export interface AlertRequestsRow {
  staff_id: string
  asked_at: Generated<Date>
  about: Generated<string>
}

export interface ApprovalLimitsRow {
  kind: string
  above: number
  delay_hours: number
}

export interface ApprovalsRow {
  id: string
  kind: string
  subject_id: string
  fingerprint: string
  people: number
  reason: string
  asked_by: string
  asked_at: Date
  stands_from: Date | null
  answered_by: string | null
  answered_at: Date | null
  answer: string | null
  answer_reason: Generated<string>
}

export interface AreaFactsRow {
  action_id: string
  area_id: string
  facts: Json
}

export interface AreaShapesRow {
  area_id: string
  layer: string
  valid_from: string | null
  valid_until: string | null
  shape: string
  print: string
  checked_on: string
  source: Generated<string>
}

export interface AreasRow {
  id: string
  name: string
  names: Json
  kind: Generated<string>
  parent_id: string | null
  valid_from: string | null
  valid_until: string | null
  source: Generated<string>
  demo: Generated<boolean>
}

export interface AsksRow {
  id: string
  action_id: string
  language: string
  number: number | null
  ask: string
  created_at: Date
  first_signed_at: Date | null
}

export interface AuditChainRow {
  position: number
  audit_id: string
  hash: Buffer
}

export interface AuditLogRow {
  id: string
  happened_at: Date
  staff_id: string | null
  verb: string
  subject_kind: string
  subject_ids: string[]
  reason: Generated<string>
  details: Json
}

export interface AuditNamesRow {
  subject_id: string
  name: string
  day: string
}

export interface AuditUnsealedRow {
  audit_id: string
}

export interface BodiesRow {
  id: string
  name: string
  names: Json
  country: string | null
  source: Generated<string>
  demo: Generated<boolean>
  zone: string | null
  open_hours: Json | null
  candidates_for: string | null
  election_on: string | null
}

export interface BodyStatesRow {
  id: string
  body_id: string
  state: string
  since: string
  until: string | null
  note: Generated<string>
  ended_terms: Json
}

export interface BouncesRow {
  about: string
  id: string
  kind: string
  status: Generated<string>
  person_id: string | null
  practice: boolean
  noticed_at: Date
}

export interface BulletinRequestsRow {
  person_id: string
  id: string
  subject_id: string
  statement_id: string
  wording_id: string
  frequency: string
  language: string
  state: string
  asked_at: Date
  confirmed_at: Date | null
  practice: boolean
}

export interface BulletinSheetsRow {
  subject_id: string
  language: string
  revisions: string[]
  records: string[]
  made_of: string
  looked_at: Date
  pdf: Buffer
}

export interface BulletinsRow {
  subject_id: string
  at_once_until: Date
  weekly_until: Date
  paused_at: Date | null
}

export interface CapsulesRow {
  token_hash: Buffer
  token: Buffer
  language: string
  asked_at: Date
  person_id: string | null
  records: Generated<string[]>
  contents: Buffer | null
  answers: Date | null
  record_contents: Buffer | null
  whole_person: string | null
}

export interface CardsRow {
  name: string
  revision_id: string | null
  language: string
  made_of: string
  png: Buffer
  made_at: Date
}

export interface CodeTriesRow {
  cookie_hash: Buffer
  tries: number
  first_try_at: Date
}

export interface ConsentStatementsRow {
  id: string
  purpose: string
  channel: string
  controller_id: string
  created_at: Date
  retired_at: Date | null
  about: Generated<string>
}

export interface ConsentWordingsRow {
  id: string
  statement_id: string
  language: string
  version: number
  wording: string
  created_at: Date
}

export interface ConsentsRow {
  person_id: string
  id: string
  statement_id: string
  wording_id: string | null
  answer: string
  way: string
  participation_id: string | null
  presented_at: Date
  recorded_at: Date
  action_id: string | null
}

export interface ContactDetailsRow {
  id: string
  office_id: string | null
  official_id: string | null
  kind: string
  value: string
  source: string
  checked_on: string
  ended_on: string | null
  mapping: string | null
}

export interface ContactMessagesRow {
  id: string
  subject_id: string
  person_id: string | null
  language: string
  record: Buffer
  state: Generated<string>
  practice: boolean
  received_at: Date
  read_at: Date | null
  read_by: string | null
  answered_at: Date | null
  answered_by: string | null
}

export interface ContactNoticesRow {
  staff_id: string
  told_at: Date | null
  due_at: Date | null
  attempts: Generated<number>
}

export interface ContactRefusalsRow {
  contact_id: string
  refused_on: string
  code: number
  times: Generated<number>
  looked_on: string | null
}

export interface ContactReportsRow {
  id: string
  action_id: string
  office_id: string | null
  channel: string
  reported_on: string
  practice: boolean
}

export interface ContactsRow {
  id: string
  subject_id: string
  staff_id: string | null
  says: Json
  languages: Generated<string[]>
  created_at: Date
}

export interface ControllersRow {
  id: string
  publisher: Generated<boolean>
  names: Json
  privacy_url: string | null
  retired_at: Date | null
  age_recipient: string | null
}

export interface CountArrivalsRow {
  id: Generated<number>
  action_id: string
  country: string | null
  area_id: string | null
  source: string | null
  language: string
  confirmed_at: Date
}

export interface CountEntriesRow {
  tick_id: number
  position: number
  action_id: string
  change: number
  removal_id: string | null
}

export interface CountTicksRow {
  id: Generated<number>
  ticked_at: Date
}

export interface DataLinksRow {
  token_hash: Buffer
  id: string
  request_id: string
  person_id: string
  name_index: Buffer | null
  named_in: string | null
  language: string
  created_at: Date
  expires_at: Date
}

export interface DeputiesRow {
  id: string
  staff_id: string
  deputy_id: string
  from_at: Date
  until_at: Date
  created_at: Date
}

export interface DeskSessionsRow {
  token_hash: Buffer
  staff_id: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
  proved_at: Date | null
}

export interface DestroyedKeysRow {
  key: string
  destroyed_at: Date
}

export interface DigestImportsRow {
  id: string
  file_name: string
  file: Buffer | null
  language: string
  date_order: string | null
  subject_id: string | null
  state: string
  fault: string | null
  report: Json | null
  choices: Json
  tally: Json
  staff_id: string | null
  made_at: Date
  ended_at: Date | null
}

export interface DigestTextsRow {
  digest_id: string
  revision_id: string
  unchanged: number
  changed: number
}

export interface DigestsRow {
  id: string
  office_id: string
  official_id: string | null
  practice: boolean
  period: string
  state: string
  alternate: Generated<boolean>
  messages: Generated<number>
  token_hash: Buffer
  due_at: Date
  sending_at: Date | null
  attempts: Generated<number>
  problem: string | null
  planned_at: Date
  ended_at: Date | null
}

export interface DuplicateSaltsRow {
  action_id: string
  salt: Buffer
}

export interface EmailIndexesRow {
  email_index: Buffer
  key_id: number
  person_id: string
}

export interface ErasedDuplicatesRow {
  action_id: string
  hash: Buffer
}

export interface ErasedParticipationsRow {
  participation_hash: Buffer
  erased_at: Date
}

export interface ErasureRequestsRow {
  person_id: string
  asked_at: Date
  waits: Generated<boolean>
}

export interface ErasuresRow {
  person_hash: Buffer
  email_index: Buffer
  key_id: number
  erased_at: Date
}

export interface ExportPartsRow {
  export_id: string
  part: number
  bytes: Buffer
}

export interface ExportRowsRow {
  export_id: string
  position: number
  person_id: string
  row_id: string
}

export interface ExportsRow {
  id: string
  kind: string
  format: string
  action_id: string | null
  controller_id: string | null
  language: string | null
  country: string | null
  reason: string
  asked_by: string
  asked_at: Date
  people: number
  rows: number
  done: Generated<number>
  state: Generated<string>
  problem: string | null
  ended_at: Date | null
}

export interface FactColumnsRow {
  action_id: string
  position: number
  name: string
}

export interface FilePagesRow {
  hash: Buffer
  page: number
  text: string
}

export interface FileTextsRow {
  hash: Buffer
  state: string
  pages: Generated<number>
  attempts: number
  begun_at: Date
}

export interface FilesRow {
  hash: Buffer
  media_type: string
  bytes: Buffer
  created_at: Generated<Date>
}

export interface FollowLinksRow {
  position: number
  label: string
  url: string
}

export interface ForgettingRunsRow {
  id: string
  clock: string
  before: Date
  due: number
  done: Generated<number>
  after_person: Generated<string>
  started_at: Date
  ended_at: Date | null
}

export interface GoingLiveRow {
  id: Generated<number>
  origin: string
  install_id: string
  went_live_at: Date
  staff_id: string
}

export interface HandedOverRow {
  export_id: string
  kind: string
  controller_id: string | null
  action_id: string | null
  handed_at: Date
}

export interface HandedOverPeopleRow {
  person_id: string
  export_id: string
}

export interface HeartbeatsRow {
  process: string
  beat_at: Date
  beats: Generated<number>
}

export interface HolidaysRow {
  id: string
  body_id: string | null
  office_id: string | null
  day: string
  name: Generated<string>
}

export interface HouseStylesRow {
  language: string
  style: Json
  changed_at: Date
  staff_id: string | null
}

export interface IgnoredFindingsRow {
  item_id: string
  rule: string
  staff_id: string | null
  made_at: Date
  language: Generated<string>
}

export interface ImageFilesRow {
  image_id: string
  width: number
  height: number
  media_type: string
  hash: Buffer
}

export interface ImagesRow {
  id: string
  credit: string
  demo: Generated<boolean>
  created_at: Generated<Date>
}

export interface ImportRowsRow {
  import_id: string
  row_number: number
  outcome: string
  label: string
}

export interface ImportedItemsRow {
  source_key: string
  item_id: string
  language: string
  hash: string
  import_id: string
  revision_id: string
  before_id: string | null
}

export interface ImportedPicturesRow {
  record_id: string
  import_id: string
}

export interface ImportsRow {
  id: string
  kind: string
  mapping: Json
  file_name: string
  file: Buffer | null
  as_of: string
  dry_run: boolean
  state: string
  rows_read: Generated<number>
  rows_total: number | null
  tally: Json
  fault: string | null
  staff_id: string | null
  created_at: Date
  ended_at: Date | null
  new_boundaries: Generated<boolean>
  even_if_older: Generated<boolean>
  fault_line: number | null
}

export interface IncidentMailsRow {
  incident_id: string | null
  staff_id: string
  part: string
  due_at: Date
  attempts: Generated<number>
  sent_at: Date | null
  surge_id: string | null
}

export interface IncidentsRow {
  id: string
  kind: string
  began_at: Date
  calm_since: Date | null
  ended_at: Date | null
}

export interface IntakeRow {
  batch_id: string
  position: number
  contact: Buffer
  record: Buffer | null
}

export interface IntakeBatchesRow {
  batch_id: string
  entries: number
  received_at: Date
  claimed_by: string | null
  claimed_at: Date | null
  settled_at: Date | null
  keys: string[] | null
}

export interface IntakeRefusedRow {
  batch_id: string
  position: number
  contact: Buffer
  record: Buffer | null
  reason: string
  refused_at: Date
}

export interface ItemChecksRow {
  id: string
  item_id: string
  language: string
  revision_id: string
  verdict: string
  note: Generated<string>
  staff_id: string | null
  happened_at: Date
}

export interface ItemChronologiesRow {
  item_id: string
  record_id: string
  staff_id: string | null
  made_at: Date
}

export interface ItemCorrectionWordsRow {
  correction_id: string
  language: string
  wrong: string
  correct: string
}

export interface ItemCorrectionsRow {
  id: string
  item_id: string
  language: string
  revision_id: string
  corrected_at: Date
  staff_id: string | null
}

export interface ItemDraftsRow {
  item_id: string
  language: string
  staff_id: string
  base_id: string | null
  typed: Json
  saved_at: Date
  id: Generated<string>
  typed_by: string | null
}

export interface ItemFormerSlugsRow {
  slug: string
  item_id: string
  since: Date
}

export interface ItemListingsRow {
  item_id: string
  subject_id: string
  language: string
  from_at: Date
  until_at: Date | null
  lead: boolean
  kind: string
  thread: boolean
  pinned: boolean
  dated: string
  published_at: Date
  updated_at: Date
}

export interface ItemNumberSeriesRow {
  series: string
  last: number
}

export interface ItemNumbersRow {
  number: string
  item_id: string | null
  given_at: Date
}

export interface ItemPublicationsRow {
  item_id: string
  language: string
  from_at: Date
  until_at: Date | null
  revision_id: string | null
  dated: string | null
  moves: boolean
  staff_id: string | null
  made_at: Date
  cancelled_at: Date | null
}

export interface ItemRelationsRow {
  item_id: string
  other_id: string
  relation: string
  staff_id: string | null
  made_at: Date
}

export interface ItemRevisionsRow {
  id: string
  item_id: string
  language: string
  words: Json
  source_id: string | null
  created_at: Date
  staff_id: string | null
}

export interface ItemSubjectsRow {
  item_id: string
  subject_id: string
}

export interface ItemUsesRow {
  revision_id: string
  record_id: string
}

export interface ItemsRow {
  id: string
  slug: string
  kind: string
  thread: Generated<boolean>
  subject_id: string | null
  pinned: Generated<boolean>
  checked_on: string | null
  review_by: string | null
  archived_at: Date | null
  demo: Generated<boolean>
  created_at: Date
}

export interface KeyRotationsRow {
  kind: string
  key: string
  process: string
  started_at: Date
  under_old: Generated<number>
  moved: Generated<number>
  unreadable: Generated<number>
  part: Generated<number>
  after_row: string[] | null
  ended_at: Date | null
}

export interface KnownBrowsersRow {
  token_hash: Buffer
  person_id: string
  expires_at: Date
}

export interface LegalHoldsRow {
  id: string
  person_id: string | null
  action_id: string | null
  reason: string
  placed_by: string
  placed_at: Date
  lifted_by: string | null
  lifted_at: Date | null
  lifted_reason: string | null
}

export interface LimitsRow {
  id: Generated<boolean>
  active: Generated<boolean>
  minutes: Generated<number>
  per_network: Generated<number>
  per_mailbox: Generated<number>
  per_pattern: Generated<number>
  per_domain: Generated<number>
  far: Generated<number>
  wait_seconds: Generated<number>
  hold: Generated<boolean>
  local_networks: Generated<boolean>
}

export interface LinksRow {
  token_hash: Buffer
  person_id: string
  participation_id: string
  created_at: Date
}

export interface LoadedFilesRow {
  subject: string
  digest: string
  as_of: string
  loaded_at: Date
}

export interface LockdownRow {
  id: Generated<boolean>
  locked_at: Date
  staff_id: string
  reason: string
}

export interface LookupCodesRow {
  scheme_id: string
  code: string
  area_id: string
  share: string | null
  valid_from: string | null
  valid_until: string | null
}

export interface LookupFailuresRow {
  id: string
  happened_on: string
  scheme_id: string
  beginning: string
  result: string
  times: number
}

export interface LookupSchemesRow {
  id: string
  names: Json
  formats: string[]
  tail: Generated<number>
  outside_prefixes: Generated<string[]>
  example: Generated<string>
  demo: Generated<boolean>
}

export interface LookupStreetsRow {
  scheme_id: string
  code: string
  area_id: string
  street: string
}

export interface MailingHabitsRow {
  id: Generated<number>
  quiet_from: string | null
  quiet_until: string | null
  per_minute: number | null
  weekly_day: Generated<number>
  weekly_at: Generated<string>
  settle_minutes: Generated<number>
}

export interface MailingRecipientsRow {
  person_id: string
  mailing_id: string
  id: string
  participation_id: string | null
  language: string
  state: string
  left_out: string | null
  due_at: Date
  sending_at: Date | null
  claimed_by: string | null
  attempts: Generated<number>
  problem: string | null
  ended_at: Date | null
  returned: string | null
  returned_at: Date | null
  unsubscribed_at: Date | null
}

export interface MailingTestsRow {
  id: string
  mailing_id: string | null
  staff_id: string
  language: string
  state: string
  problem: string | null
  asked_at: Date
  ended_at: Date | null
  subject_id: string | null
}

export interface MailingTextsRow {
  mailing_id: string
  language: string
  subject: string
  from_name: Generated<string>
  body: string
  changed_at: Date
}

export interface MailingsRow {
  id: string
  kind: string
  action_id: string | null
  state: string
  statements: string[]
  filter: Json
  fallback_language: string | null
  send_at: Date | null
  zone: string
  quiet_from: string | null
  quiet_until: string | null
  practice: boolean | null
  created_by: string | null
  created_at: Date
  changed_at: Date
  counted: Json | null
  counted_at: Date | null
  count_asked_at: Date | null
  planned_after: string | null
  planned_at: Date | null
  next_at: Date | null
  started_at: Date | null
  ended_at: Date | null
  reason: Generated<string>
  results: Json | null
  subject_id: string | null
  frequency: string | null
  covers_from: Date | null
  covers_until: Date | null
}

export interface MailsRow {
  person_id: string
  id: string
  participation_id: string
  kind: string
  state: string
  due_at: Date
  claimed_by: string | null
  claimed_at: Date | null
  attempts: Generated<number>
  problem: string | null
  promised_at: Date
  ended_at: Date | null
  practice: boolean
}

export interface MappingsRow {
  name: string
  kind: string
  mapping: Json
  saved_at: Date
}

export interface MenuLinksRow {
  language: string
  position: number
  label: string
  url: string
}

export interface MessageTextsRow {
  person_id: string
  participation_id: string
  contact: Buffer | null
  record: Buffer | null
}

export interface MessagesRow {
  person_id: string
  id: string
  participation_id: string
  action_id: string
  office_id: string
  official_id: string | null
  own: boolean
  rehearsal: Generated<boolean>
  state: string
  waiting_for: string | null
  due_at: Date
  sending_at: Date | null
  attempts: Generated<number>
  problem: string | null
  promised_at: Date
  ended_at: Date | null
  practice: boolean
  copy: Generated<boolean>
  variant_id: string | null
  ruled_out: Generated<boolean>
  written_to: Generated<string[]>
  place: Generated<number>
  in_digest: Generated<boolean>
  digest_id: string | null
  alternate: Generated<boolean>
  will_ask: Generated<boolean>
  asked_at: Date | null
  reply: string | null
  replied_at: Date | null
}

export interface MigrationsRow {
  step: number
  name: string
  checksum: string
  taken_at: Generated<Date>
}

export interface MilestonesRow {
  name: string
  reached_at: Date
  staff_id: string | null
}

export interface NewsletterTopicsRow {
  subject_id: string
  since: Date
  ended_at: Date | null
}

export interface OfficeAlternatesRow {
  office_id: string
  address: string
  source: string
  checked_on: string
}

export interface OfficeChangesRow {
  office_id: string
}

export interface OfficeOptOutsRow {
  id: string
  office_id: string
  reason: string
  until: string | null
  decided_at: Date
  decided_by: string | null
  resumed_at: Date | null
  resumed_by: string | null
  resumed_reason: Generated<string>
  notes: Json
}

export interface OfficeRepliesRow {
  id: string
  office_id: string
  official_id: string | null
  action_id: string | null
  said_on: string
  language: string
  words: string
  source: string
  source_url: string | null
  recorded_at: Date
  recorded_by: string | null
  withdrawn_at: Date | null
  withdrawn_by: string | null
  withdrawn_reason: Generated<string>
}

export interface OfficeTalliesRow {
  office_id: string
  action_id: string | null
  people: number
  first_on: string
  no_reply: number
  standard_reply: number
  real_reply: number
}

export interface OfficesRow {
  id: string
  body_id: string
  label: string
  labels: Json
  area_id: string | null
  seats: Generated<number>
  salutations: Json
  valid_until: string | null
  source: Generated<string>
  demo: Generated<boolean>
  represents: string | null
  host: string | null
  form_limit: number | null
  zone: string | null
  open_hours: Json | null
}

export interface OfficialsRow {
  id: string
  name: string
  names: Json
  formal_name: Generated<string>
  party: Generated<string>
  source: Generated<string>
  demo: Generated<boolean>
  other_names: Generated<string[]>
}

export interface OldAddressesRow {
  path: string
  item_id: string
  import_id: string
}

export interface PacesRow {
  mailbox: Buffer
  next_at: Date
  day: string
  sent_today: number
}

export interface ParticipationsRow {
  person_id: string
  id: string
  action_id: string
  ask_id: string | null
  language: string
  country: string | null
  area_id: string | null
  source: string | null
  state: string
  held_reason: string | null
  rehearsal_id: string | null
  taken_at: Date
  confirmed_at: Date | null
  ended_at: Date | null
  reminded_at: Date | null
  counted: Generated<boolean>
  practice: boolean
  form_hash: Buffer
  cookie_hash: Buffer | null
  code_hash: Buffer | null
  answers: Json
  details: Buffer | null
  record: Buffer | null
  place: Generated<number>
  name_index: Buffer | null
  domain_index: Buffer | null
  pattern_index: Buffer | null
  removal_id: string | null
  removed_from: string | null
}

export interface PasskeyChallengesRow {
  token_hash: Buffer
  challenge: string
  staff_id: string | null
  expires_at: Date
}

export interface PasskeysRow {
  id: Buffer
  staff_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  label: string
  created_at: Date
  last_used_at: Date | null
}

export interface PeopleRow {
  id: string
  contact: Buffer
  language: string
  country: string | null
  area_id: string | null
  created_at: Date
  confirmed_at: Date | null
  paused_until: Date | null
}

export interface PersonSearchesRow {
  id: string
  staff_id: string
  query: Buffer
  created_at: Date
  answered_at: Date | null
  person_id: string | null
}

export interface PreferencesRow {
  person_id: string
  statement_id: string
  topic: Generated<string>
  frequency: string
  changed_at: Date
}

export interface PublicActionTargetsRow {
  action_id: string
  position: number
  body_id: string | null
  office_id: string | null
  group_number: number
  embassy_of: string | null
}

export interface PublicActionTimesRow {
  action_id: string | null
  deliver_at: Date | null
  instead_slug: string | null
  nothing_leaves: boolean | null
}

export interface PublicActionWordsRow {
  action_id: string
  language: string
  revision_id: string
  words: Json
  ask_id: string | null
  ask: string | null
  ask_number: number | null
  from_at: Date
}

export interface PublicActionsRow {
  id: string
  slug: string
  kind: string
  state: string
  opens_at: Date | null
  closes_at: Date | null
  zone: string
  options: Json
  scheme_id: string | null
  image_id: string | null
  next_action_id: string | null
  share_channels: string[]
  demo: boolean
  created_at: Date
  rehearsing: boolean
}

export interface PublicAddressesRow {
  id: string
  slug: string
  kind: string
}

export interface PublicAreaFactsRow {
  action_id: string
  area_id: string
  facts: Json
}

export interface PublicAsksRow {
  id: string
  action_id: string
  language: string
  number: number
  ask: string
  first_signed_at: Date
}

export interface PublicBulletinQuestionRow {
  statement_id: string
  wording_id: string | null
  language: string
  wording: string
}

export interface PublicBulletinSheetsRow {
  subject_id: string
  language: string
  pdf: Buffer
}

export interface PublicCardsRow {
  name: string
  language: string
  png: Buffer
}

export interface PublicContactsRow {
  id: string
  subject_id: string
  says: Json
  languages: string[]
  created_at: Date
}

export interface PublicCorrectionsRow {
  id: string
  item_id: string
  made_in: string
  corrected_at: Date
  corrected_saved_at: Date
  language: string
  wrong: string
  correct: string
}

export interface PublicCountChangesRow {
  action_id: string
  removal_id: string
  reason: string
  change: number
  people: number
  happened_at: Date
}

export interface PublicFilePagesRow {
  item_id: string | null
  language: string | null
  hash: Buffer
  page: number
  text: string
}

export interface PublicFilesRow {
  hash: Buffer
  media_type: string
  bytes: Buffer
}

export interface PublicFormerSlugsRow {
  kind: string
  slug: string
  now_slug: string
}

export interface PublicItemChronologiesRow {
  item_id: string
  handle: string | null
  content: Json | null
}

export interface PublicItemNumbersRow {
  number: string
  item_id: string | null
  slug: string
}

export interface PublicItemRelationsRow {
  item_id: string
  other_id: string
  relation: string
}

export interface PublicItemSubjectsRow {
  item_id: string | null
  subject_id: string | null
}

export interface PublicItemWordsRow {
  item_id: string
  language: string
  revision_id: string
  from_at: Date
  dated: string
  words: Json
  source_id: string | null
  saved_at: Date
}

export interface PublicItemsRow {
  id: string
  slug: string
  kind: string
  thread: boolean
  subject_id: string | null
  pinned: boolean
  checked_on: string | null
  archived_at: Date | null
  demo: boolean
  dated: string
  languages: string[]
  published_at: Date
  updated_at: Date
  corrected: boolean | null
  beside: boolean | null
}

export interface PublicListingsRow {
  item_id: string
  subject_id: string
  language: string
  lead: boolean
  kind: string
  thread: boolean
  pinned: boolean
  dated: string
  published_at: Date
  updated_at: Date
}

export interface PublicNamesRow {
  person_id: string
  participation_id: string
  action_id: string
  shown_name: string
  comment: Generated<string>
  state: string
  asked_at: Date
}

export interface PublicNewsletterTopicsRow {
  subject_id: string
  language: string
  name: string
}

export interface PublicOfficeTalliesRow {
  office_id: string
  action_id: string | null
  people: number
  first_on: string
  no_reply: number
  standard_reply: number
  real_reply: number
}

export interface PublicOldAddressesRow {
  path: string
  slug: string | null
}

export interface PublicOptOutsRow {
  office_id: string
  since: string | null
  until: string | null
  notes: Json
}

export interface PublicRecordPlacesRow {
  record_id: string
  stands: string | null
  slug: string
  stands_id: string | null
  place: number | null
  dated: string | null
}

export interface PublicRecordSubjectsRow {
  record_id: string
  subject_id: string
}

export interface PublicRecordsRow {
  id: string
  kind: string
  handle: string
  revision_id: string
  content: Json
  from_at: Date
}

export interface PublicRepliesRow {
  id: string
  office_id: string
  official_id: string | null
  action_id: string | null
  said_on: string
  language: string
  words: string
  source: string
  source_url: string | null
}

export interface PublicSearchRow {
  about: string
  id: string
  language: string
  kind: string
  slug: string
  dated: string | null
  title: string
  words: string
  handle: string | null
  stands: string | null
  stands_id: string | null
}

export interface PublicSheetsRow {
  action_id: string
  language: string
  hash: Buffer
}

export interface PublicShownNamesRow {
  action_id: string
  shown_name: string
  comment: string
  asked_at: Date
}

export interface PublicSourcesRow {
  revision_id: string
  language: string
  saved_at: Date
}

export interface PublicStatementsRow {
  action_id: string
  position: number
  statement_id: string
  purpose: string
  channel: string
  controller_id: string
  of_publisher: boolean
  controller_names: Json
  privacy_url: string | null
  wording_id: string
  language: string
  version: number
  wording: string
}

export interface PublicStopsRow {
  action_id: string
  happened_at: Date
  to_state: string
  reason: string
  outcome: string | null
}

export interface PublicSubjectActionsRow {
  subject_id: string
  action_id: string
}

export interface PublicSubjectNamesRow {
  subject_id: string
  language: string
  name: string
  shown: boolean
}

export interface PublicSubjectsRow {
  id: string
  kind: string
  slug: string
  code: string
  parent_id: string | null
  item_id: string
}

export interface PublicTalliesRow {
  action_id: string
  dimension: string
  value: string
  total: number
}

export interface PublicTargetChoicesRow {
  action_id: string
  groups: Json | null
  rules: Json | null
  facts: Json | null
}

export interface PublisherRow {
  id: Generated<number>
  default_language: string
  languages: string[]
  zone: string
  country: string | null
  accent: string
  logo: Buffer | null
  email: string | null
  phone: string | null
  postal_address: string | null
  donate_url: string | null
  mail_from: string | null
  demo: Generated<boolean>
  index_scheme: string | null
  exit_url: string | null
  exit_everywhere: Generated<boolean>
}

export interface PublisherTextsRow {
  language: string
  name: string
  responsible: string
  about: Generated<string>
  privacy_policy: string
}

export interface RecordDraftsRow {
  form: string
  staff_id: string
  typed: Json
  saved_at: Date
  id: Generated<string>
  typed_by: string | null
}

export interface RecordPublicationsRow {
  record_id: string
  from_at: Date
  until_at: Date | null
  revision_id: string | null
  staff_id: string | null
  ends_at: Date | null
  cancelled_at: Date | null
}

export interface RecordRevisionsRow {
  id: string
  record_id: string
  content: Json
  created_at: Date
  staff_id: string | null
  image_id: Generated<string | null>
}

export interface RecordSubjectsRow {
  record_id: string
  subject_id: string
}

export interface RecordsRow {
  id: string
  kind: string
  handle: string
  demo: Generated<boolean>
  created_at: Date
  checked_on: string | null
}

export interface RecountsRow {
  id: string
  counted_at: Date
  action_id: string
  was: number
  is_now: number
}

export interface RecoveryCodesRow {
  staff_id: string
  code_hash: Buffer
  made_at: Date
  used_at: Date | null
}

export interface RecoveryKeysRow {
  id: Generated<number>
  index_keys: Buffer
}

export interface RehearsalsRow {
  id: string
  action_id: string
  staff_id: string
  token_hash: Buffer
  expires_at: Date
}

export interface RemovalsRow {
  id: string
  action_id: string
  staff_id: string
  reason: string
  taken_from: Date
  taken_until: Date
  country: string | null
  language: string | null
  source: string | null
  held_reason: string | null
  surge_id: string | null
  domain: Buffer | null
  domain_index: Buffer | null
  pattern_index: Buffer | null
  state: string
  matched: number | null
  matched_confirmed: number | null
  removed: Generated<number>
  restored: Generated<number>
  created_at: Date
  ended_at: Date | null
  by_domain: Generated<boolean>
  continues: string | null
}

export interface RestorationsRow {
  id: Generated<number>
  noticed_at: Date
  copy_of: Date | null
  register: boolean
  erased: number
  suppressed: number
  messages: number
  recipients: number
  mailings: number
  understood_at: Date | null
  staff_id: string | null
}

export interface RetentionClocksRow {
  clock: string
  days: number
}

export interface ReturnedLettersRow {
  id: string
  about: string
  about_id: string
  office_id: string | null
  action_id: string | null
  person_id: string | null
  contact: Buffer | null
  record: Buffer
  state: string
  practice: boolean
  received_at: Date
  read_at: Date | null
  read_by: string | null
}

export interface ReturnedMailsRow {
  id: string
  fingerprint: Buffer
  way: string
  contact: Buffer | null
  received_at: Date
  kind: string | null
  read_at: Date | null
}

export interface RevisionFilesRow {
  revision_id: string
  hash: Buffer
}

export interface RevisionMarksRow {
  revision_id: string
  mark: string
  due_on: string | null
}

export interface SearchTextsRow {
  about: string
  id: string
  language: string
  revision_id: string
  besides: string
  title: string
  words: string
}

export interface SearchWordsRow {
  word: string
  spelling: string
  texts: number
  near: string[]
}

export interface SendingDaysRow {
  scope: string
  subject: string
  day: string
  accepted: Generated<number>
  refused: Generated<number>
  deferred: Generated<number>
  unknown: Generated<number>
  bounced: Generated<number>
}

export interface SendingRestsRow {
  scope: string
  subject: string
  in_a_row: number
  rests: number
  rested_until: Date | null
  problem: Generated<string>
  changed_at: Date
}

export interface SendingRulesRow {
  scope: string
  subject: string
  per_minute: string | null
  daily_cap: number | null
  digest: boolean | null
  digest_hour: number | null
}

export interface SendingWaitsRow {
  action_id: string
  office_id: string
  reason: string
  until: Date | null
  look_again_at: Date
}

export interface SigninFailuresRow {
  day: string
  failures: number
}

export interface SigninLinksRow {
  token_hash: Buffer
  staff_id: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface StaffRow {
  id: string
  contact: Buffer
  role: string
  language: string
  password_hash: string | null
  one_time_secret: Buffer | null
  one_time_last: Generated<number>
  age_recipient: string | null
  failed_attempts: Generated<number>
  locked_until: Date | null
  created_at: Date
  left_at: Date | null
  roles: Generated<string[]>
}

export interface StaffPlacesRow {
  staff_id: string
  place: string
  assigned_at: Date
}

export interface StaleTranslationsRow {
  revision_id: string
  item_id: string
}

export interface SubjectActionsRow {
  subject_id: string
  action_id: string
}

export interface SubjectFormerSlugsRow {
  kind: string
  slug: string
  subject_id: string
  since: Date
}

export interface SubjectNamesRow {
  subject_id: string
  language: string
  name: string
  shown: boolean
}

export interface SubjectsRow {
  id: string
  kind: string
  slug: string
  code: string
  parent_id: string | null
  demo: Generated<boolean>
  created_at: Date
}

export interface SupporterRequestsRow {
  id: string
  person_id: string
  staff_id: string
  way: string
  asked_by: string
  what: string
  change: Buffer
  recorded_at: Date
  done_at: Date | null
}

export interface SuppressionRequestsRow {
  id: string
  staff_id: string
  audit_line: string
  kind: string
  query: Buffer
  scope: string | null
  reason: string | null
  own_wish: Generated<boolean>
  practice: boolean
  created_at: Date
  answered_at: Date | null
  answer: Json | null
}

export interface SuppressionsRow {
  email_index: Buffer
  key_id: number
  scope: string
  reason: string
  created_at: Date
  subject: Generated<string>
  practice: Generated<boolean>
}

export interface SurgeReadersRow {
  staff_id: string
  about: string
}

export interface SurgesRow {
  id: string
  action_id: string
  kind: string
  since: Date
  noticed_at: Date
  recent: number
  usual: number
  alike: Buffer | null
  mailed_at: Date | null
  seen_at: Date | null
  seen_by: string | null
}

export interface SwitchesRow {
  name: string
  off_since: Date
  reason: string
  staff_id: string | null
}

export interface TalliesRow {
  action_id: string
  dimension: string
  value: string
  total: number
}

export interface TermsRow {
  id: string
  office_id: string
  official_id: string
  since: string | null
  until: string | null
  expected_until: string | null
  recorded_at: Generated<Date | null>
}

export interface UnansweredMailsRow {
  strict_index: Buffer
  mail_ids: string[]
  sent_at: Date[]
  newest_at: Date
}

export interface UndosRow {
  id: string
  staff_id: string
  verb: string
  details: Json
  expires_at: Date
  used_at: Date | null
}

export interface Schema {
  action_events: ActionEventsRow
  action_groups: ActionGroupsRow
  action_publications: ActionPublicationsRow
  action_revisions: ActionRevisionsRow
  action_rules: ActionRulesRow
  action_sheets: ActionSheetsRow
  action_statements: ActionStatementsRow
  action_targets: ActionTargetsRow
  action_variants: ActionVariantsRow
  actions: ActionsRow
  address_changes: AddressChangesRow
  alert_requests: AlertRequestsRow
  approval_limits: ApprovalLimitsRow
  approvals: ApprovalsRow
  area_facts: AreaFactsRow
  area_shapes: AreaShapesRow
  areas: AreasRow
  asks: AsksRow
  audit_chain: AuditChainRow
  audit_log: AuditLogRow
  audit_names: AuditNamesRow
  audit_unsealed: AuditUnsealedRow
  bodies: BodiesRow
  body_states: BodyStatesRow
  bounces: BouncesRow
  bulletin_requests: BulletinRequestsRow
  bulletin_sheets: BulletinSheetsRow
  bulletins: BulletinsRow
  capsules: CapsulesRow
  cards: CardsRow
  code_tries: CodeTriesRow
  consent_statements: ConsentStatementsRow
  consent_wordings: ConsentWordingsRow
  consents: ConsentsRow
  contact_details: ContactDetailsRow
  contact_messages: ContactMessagesRow
  contact_notices: ContactNoticesRow
  contact_refusals: ContactRefusalsRow
  contact_reports: ContactReportsRow
  contacts: ContactsRow
  controllers: ControllersRow
  count_arrivals: CountArrivalsRow
  count_entries: CountEntriesRow
  count_ticks: CountTicksRow
  data_links: DataLinksRow
  deputies: DeputiesRow
  desk_sessions: DeskSessionsRow
  destroyed_keys: DestroyedKeysRow
  digest_imports: DigestImportsRow
  digest_texts: DigestTextsRow
  digests: DigestsRow
  duplicate_salts: DuplicateSaltsRow
  email_indexes: EmailIndexesRow
  erased_duplicates: ErasedDuplicatesRow
  erased_participations: ErasedParticipationsRow
  erasure_requests: ErasureRequestsRow
  erasures: ErasuresRow
  export_parts: ExportPartsRow
  export_rows: ExportRowsRow
  exports: ExportsRow
  fact_columns: FactColumnsRow
  file_pages: FilePagesRow
  file_texts: FileTextsRow
  files: FilesRow
  follow_links: FollowLinksRow
  forgetting_runs: ForgettingRunsRow
  going_live: GoingLiveRow
  handed_over: HandedOverRow
  handed_over_people: HandedOverPeopleRow
  heartbeats: HeartbeatsRow
  holidays: HolidaysRow
  house_styles: HouseStylesRow
  ignored_findings: IgnoredFindingsRow
  image_files: ImageFilesRow
  images: ImagesRow
  import_rows: ImportRowsRow
  imported_items: ImportedItemsRow
  imported_pictures: ImportedPicturesRow
  imports: ImportsRow
  incident_mails: IncidentMailsRow
  incidents: IncidentsRow
  intake: IntakeRow
  intake_batches: IntakeBatchesRow
  intake_refused: IntakeRefusedRow
  item_checks: ItemChecksRow
  item_chronologies: ItemChronologiesRow
  item_correction_words: ItemCorrectionWordsRow
  item_corrections: ItemCorrectionsRow
  item_drafts: ItemDraftsRow
  item_former_slugs: ItemFormerSlugsRow
  item_listings: ItemListingsRow
  item_number_series: ItemNumberSeriesRow
  item_numbers: ItemNumbersRow
  item_publications: ItemPublicationsRow
  item_relations: ItemRelationsRow
  item_revisions: ItemRevisionsRow
  item_subjects: ItemSubjectsRow
  item_uses: ItemUsesRow
  items: ItemsRow
  key_rotations: KeyRotationsRow
  known_browsers: KnownBrowsersRow
  legal_holds: LegalHoldsRow
  limits: LimitsRow
  links: LinksRow
  loaded_files: LoadedFilesRow
  lockdown: LockdownRow
  lookup_codes: LookupCodesRow
  lookup_failures: LookupFailuresRow
  lookup_schemes: LookupSchemesRow
  lookup_streets: LookupStreetsRow
  mailing_habits: MailingHabitsRow
  mailing_recipients: MailingRecipientsRow
  mailing_tests: MailingTestsRow
  mailing_texts: MailingTextsRow
  mailings: MailingsRow
  mails: MailsRow
  mappings: MappingsRow
  menu_links: MenuLinksRow
  message_texts: MessageTextsRow
  messages: MessagesRow
  migrations: MigrationsRow
  milestones: MilestonesRow
  newsletter_topics: NewsletterTopicsRow
  office_alternates: OfficeAlternatesRow
  office_changes: OfficeChangesRow
  office_opt_outs: OfficeOptOutsRow
  office_replies: OfficeRepliesRow
  office_tallies: OfficeTalliesRow
  offices: OfficesRow
  officials: OfficialsRow
  old_addresses: OldAddressesRow
  paces: PacesRow
  participations: ParticipationsRow
  passkey_challenges: PasskeyChallengesRow
  passkeys: PasskeysRow
  people: PeopleRow
  person_searches: PersonSearchesRow
  preferences: PreferencesRow
  public_action_targets: PublicActionTargetsRow
  public_action_times: PublicActionTimesRow
  public_action_words: PublicActionWordsRow
  public_actions: PublicActionsRow
  public_addresses: PublicAddressesRow
  public_area_facts: PublicAreaFactsRow
  public_asks: PublicAsksRow
  public_bulletin_question: PublicBulletinQuestionRow
  public_bulletin_sheets: PublicBulletinSheetsRow
  public_cards: PublicCardsRow
  public_contacts: PublicContactsRow
  public_corrections: PublicCorrectionsRow
  public_count_changes: PublicCountChangesRow
  public_file_pages: PublicFilePagesRow
  public_files: PublicFilesRow
  public_former_slugs: PublicFormerSlugsRow
  public_item_chronologies: PublicItemChronologiesRow
  public_item_numbers: PublicItemNumbersRow
  public_item_relations: PublicItemRelationsRow
  public_item_subjects: PublicItemSubjectsRow
  public_item_words: PublicItemWordsRow
  public_items: PublicItemsRow
  public_listings: PublicListingsRow
  public_names: PublicNamesRow
  public_newsletter_topics: PublicNewsletterTopicsRow
  public_office_tallies: PublicOfficeTalliesRow
  public_old_addresses: PublicOldAddressesRow
  public_opt_outs: PublicOptOutsRow
  public_record_places: PublicRecordPlacesRow
  public_record_subjects: PublicRecordSubjectsRow
  public_records: PublicRecordsRow
  public_replies: PublicRepliesRow
  public_search: PublicSearchRow
  public_sheets: PublicSheetsRow
  public_shown_names: PublicShownNamesRow
  public_sources: PublicSourcesRow
  public_statements: PublicStatementsRow
  public_stops: PublicStopsRow
  public_subject_actions: PublicSubjectActionsRow
  public_subject_names: PublicSubjectNamesRow
  public_subjects: PublicSubjectsRow
  public_tallies: PublicTalliesRow
  public_target_choices: PublicTargetChoicesRow
  publisher: PublisherRow
  publisher_texts: PublisherTextsRow
  record_drafts: RecordDraftsRow
  record_publications: RecordPublicationsRow
  record_revisions: RecordRevisionsRow
  record_subjects: RecordSubjectsRow
  records: RecordsRow
  recounts: RecountsRow
  recovery_codes: RecoveryCodesRow
  recovery_keys: RecoveryKeysRow
  rehearsals: RehearsalsRow
  removals: RemovalsRow
  restorations: RestorationsRow
  retention_clocks: RetentionClocksRow
  returned_letters: ReturnedLettersRow
  returned_mails: ReturnedMailsRow
  revision_files: RevisionFilesRow
  revision_marks: RevisionMarksRow
  search_texts: SearchTextsRow
  search_words: SearchWordsRow
  sending_days: SendingDaysRow
  sending_rests: SendingRestsRow
  sending_rules: SendingRulesRow
  sending_waits: SendingWaitsRow
  signin_failures: SigninFailuresRow
  signin_links: SigninLinksRow
  staff: StaffRow
  staff_places: StaffPlacesRow
  stale_translations: StaleTranslationsRow
  subject_actions: SubjectActionsRow
  subject_former_slugs: SubjectFormerSlugsRow
  subject_names: SubjectNamesRow
  subjects: SubjectsRow
  supporter_requests: SupporterRequestsRow
  suppression_requests: SuppressionRequestsRow
  suppressions: SuppressionsRow
  surge_readers: SurgeReadersRow
  surges: SurgesRow
  switches: SwitchesRow
  tallies: TalliesRow
  terms: TermsRow
  unanswered_mails: UnansweredMailsRow
  undos: UndosRow
}
