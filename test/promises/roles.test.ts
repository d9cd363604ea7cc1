import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { roleFor, roleNames, type RoleName } from '#platform/migrate.ts'
import { rolePrefix } from '#test/support/cluster.ts'
import { byRole, inShort, rightsOf, type Rights } from '#test/support/rights.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const words = (text: string) => text.split(/,\s+/).toSorted()
const nameOf = (role: RoleName) => roleFor(rolePrefix, role)

const offices = 'area_shapes, areas, bodies, contact_details, lookup_codes, lookup_schemes, lookup_streets, offices, officials, terms'
const shown = 'public_bulletin_question, public_newsletter_topics, public_action_targets, public_action_times, public_action_words, public_actions, public_area_facts, public_asks, public_count_changes, public_files, public_office_tallies, public_opt_outs, public_replies, public_sheets, public_shown_names, public_statements, public_stops, public_tallies, public_target_choices'
const making = 'action_events, action_publications, action_revisions, action_statements, action_targets, actions, asks, rehearsals'
const choosing = 'action_groups, action_rules, action_variants, area_facts, fact_columns'
const us = 'follow_links, menu_links, publisher, publisher_texts'

/** Everything that the role of each process may do. Whoever gives a role more writes it down here. */
const expected: Record<RoleName, { reads: string, adds: string, changes: string, removes: string, runs: string }> = {
  site: {
    reads: `${offices}, ${shown}, ${us}, body_states, contact_reports (id), going_live (id origin), image_files, images, intake_batches (batch_id), limits,
      sending_rules (scope subject digest), switches (name off_since)`,
    adds: 'contact_reports, intake, intake_batches, lookup_failures, returned_mails (id fingerprint way contact received_at)',
    changes: '',
    removes: '',
    runs: 'taken_back, taken_back_beside, ask_for_capsule, data_token, message_life, read_capsule, asked_about, current_consents, bulletin_link, digest_numbers, keep_signed_ask, link_status, record_over, rehearsing, try_code',
  },
  worker: {
    reads: `address_changes, capsules, data_links, supporter_requests, ${offices}, bulletin_requests, bulletins, mailing_habits, newsletter_topics, mailing_recipients, mailing_tests, mailing_texts, mailings, destroyed_keys, key_rotations, ${shown}, ${making}, ${us}, ${choosing}, action_sheets, alert_requests, audit_log, body_states, code_tries, consent_statements, consent_wordings, consents,
      contact_refusals, contact_reports, controllers, count_arrivals, count_entries, count_ticks, desk_sessions (expires_at), digest_texts, digests, duplicate_salts, email_indexes,
      erased_duplicates, files, going_live, heartbeats, holidays, image_files, images, import_rows, imports, incident_mails, incidents, intake, intake_batches, intake_refused,
      known_browsers, links, loaded_files, lookup_failures, mails, mappings, message_texts, messages, migrations, milestones, restorations, office_alternates, office_changes, office_opt_outs,
      office_replies, office_tallies, paces, participations, passkey_challenges (expires_at), people, person_searches, preferences, public_names, recounts, recovery_keys, removals,
      sending_days, sending_rests, sending_rules, sending_waits, signin_links (expires_at), suppression_requests, suppressions,
      surge_readers, surges, switches, tallies, unanswered_mails, undos (expires_at), approval_limits, approvals, staff (id contact role language left_at roles), erasure_requests, erased_participations, erasures, forgetting_runs, legal_holds, retention_clocks, audit_chain, audit_unsealed, export_parts (export_id), export_rows, exports, handed_over, handed_over_people, returned_mails, bounces, returned_letters, lockdown`,
    adds: `bulletin_requests, bulletins, handed_over_people, mailings, legal_holds, address_changes, data_links, supporter_requests, ${offices}, mailing_recipients, key_rotations, action_sheets, audit_log, code_tries, consents, contact_refusals, count_arrivals, count_entries, count_ticks, digest_texts, digests, duplicate_salts, email_indexes, erased_duplicates,
      files, heartbeats, import_rows, imports, incident_mails, incidents, intake_refused, known_browsers, links, loaded_files, mails, message_texts, messages, milestones, restorations, office_changes,
      office_tallies, paces, participations, people, preferences, public_names, recounts, recovery_keys, sending_days, sending_rests, sending_waits, suppressions, surges, tallies, unanswered_mails, erasure_requests, erased_participations, erasures, forgetting_runs, audit_chain, returned_mails, bounces, returned_letters`,
    changes: `address_changes, capsules, consents (person_id), erasure_requests (waits), data_links, supporter_requests, ${offices}, bulletin_requests, bulletins, mailing_recipients, mailing_tests, mailings, intake_refused (contact), key_rotations, action_sheets, asks (number first_signed_at), code_tries, contact_refusals, digests, duplicate_salts, email_indexes, erased_duplicates, heartbeats, import_rows,
      imports, incident_mails, incidents, intake_batches, known_browsers, links, loaded_files, mails, message_texts, messages, milestones, office_changes, office_tallies, paces,
      participations, people, person_searches, preferences, public_names, recovery_keys, removals, sending_days, sending_rests, sending_waits, suppression_requests, surges, tallies,
      unanswered_mails, erasures, forgetting_runs, exports (state ended_at), returned_mails, bounces, returned_letters`,
    removes: `bulletin_requests, handed_over, handed_over_people, mailings, address_changes, capsules, data_links, supporter_requests, ${offices}, mailing_recipients, mailing_tests, action_publications, action_revisions, action_sheets, actions, code_tries, consents, contact_refusals, contact_reports, count_arrivals, count_entries, desk_sessions, digest_texts,
      digests, duplicate_salts, email_indexes, erased_duplicates, images, import_rows, imports, incident_mails, incidents, intake, intake_batches, intake_refused, known_browsers,
      links, loaded_files, lookup_failures, mails, message_texts, messages, office_changes, office_tallies, paces, participations, passkey_challenges, people, person_searches,
      preferences, public_names, removals, sending_days, sending_rests, sending_waits, signin_links, suppression_requests, surges, tallies, unanswered_mails, undos, erasure_requests, erased_participations, erasures, forgetting_runs, legal_holds, audit_unsealed, export_parts, export_rows, exports, returned_mails, bounces, returned_letters`,
    runs: 'back_to_practice, current_consents, end_practice_suppressions, keep_signed_ask, lift_bounced, lift_by_consent, lift_for_staff, may_be_written_to, record_over, rehearsing, suppressed, forgetting_ahead, is_held',
  },
  desk: {
    reads: `file_texts, capsules (token_hash token asked_at records answers record_contents), supporter_requests, ${offices}, bulletin_requests, bulletins, mailing_habits, newsletter_topics, mailing_recipients, mailing_tests, mailing_texts, mailings, destroyed_keys, key_rotations, ${shown}, ${making}, ${us}, ${choosing}, action_sheets, alert_requests, audit_log, audit_names, body_states, consent_statements, consent_wordings, consents, contact_refusals,
      contact_reports, controllers, count_ticks, desk_sessions, digest_texts,
      digests (id office_id official_id practice period state alternate messages due_at sending_at attempts problem planned_at ended_at), files, going_live, heartbeats, holidays,
      image_files, images, import_rows, imports, incident_mails, incidents, intake_batches, intake_refused (batch_id position reason refused_at), limits, loaded_files,
      lookup_failures, mails, mappings, messages, migrations, milestones, restorations, office_alternates, office_opt_outs, office_replies, office_tallies,
      participations (person_id id action_id ask_id language country area_id source state held_reason rehearsal_id taken_at confirmed_at ended_at counted practice),
      passkey_challenges, passkeys, people (id language country area_id created_at confirmed_at paused_until), person_searches, preferences, public_names, recounts, recovery_keys,
      removals (id action_id staff_id reason taken_from taken_until country language source held_reason surge_id state matched matched_confirmed removed restored created_at ended_at by_domain continues),
      sending_days, sending_rests, sending_rules, sending_waits, signin_links, staff, suppression_requests (id staff_id kind created_at answered_at answer),
      suppressions (scope reason created_at practice), surge_readers, surges (id action_id kind since noticed_at recent usual mailed_at seen_at seen_by), switches, tallies, undos, approval_limits, approvals, deputies, staff_places, erasure_requests, forgetting_runs, legal_holds, retention_clocks, audit_chain, export_parts (export_id part), export_rows (export_id), exports, bounces, returned_mails (way received_at kind read_at), returned_letters (id about about_id office_id action_id state practice received_at read_at read_by), recovery_codes, signin_failures, lockdown, count_arrivals`,
    adds: `supporter_requests, ${offices}, bulletins, newsletter_topics, mailing_tests, mailing_texts, mailings, key_rotations, ${making}, ${us}, ${choosing}, alert_requests, audit_log, audit_names, body_states, consent_statements, consent_wordings, contact_refusals, controllers, desk_sessions, files,
      going_live, holidays, image_files, images, import_rows, imports, incident_mails, incidents, loaded_files, mappings, milestones, office_alternates, office_opt_outs,
      office_replies, passkey_challenges, passkeys, person_searches, removals, sending_rules, signin_links, staff, suppression_requests, surge_readers, switches, undos, approvals (id kind subject_id fingerprint people reason asked_by asked_at stands_from), deputies, staff_places, erasure_requests (person_id asked_at), forgetting_runs, legal_holds, export_parts, exports, recovery_codes, signin_failures, lockdown`,
    changes: `capsules (record_contents), ${offices}, bulletins, newsletter_topics, mailing_habits, mailing_texts, mailings, ${us}, ${choosing}, action_statements, action_targets, actions, body_states, consent_statements (retired_at), contact_refusals, controllers, desk_sessions,
      going_live, holidays, image_files, images, import_rows, imports, incident_mails, incidents, key_rotations, limits, loaded_files, mappings,
      messages (state waiting_for due_at problem ended_at written_to), milestones, restorations (understood_at staff_id), office_alternates, office_opt_outs, office_replies, participations (state held_reason), passkey_challenges,
      passkeys, public_names (state), rehearsals, removals (state ended_at), sending_rests (rested_until), sending_rules, signin_links, staff, surges (seen_at seen_by), undos, approval_limits, approvals (answered_by answered_at answer answer_reason), legal_holds (lifted_by lifted_at lifted_reason), retention_clocks, exports (done state problem ended_at), returned_letters (state read_at read_by), recovery_codes (used_at), signin_failures`,
    removes: `${offices}, mailing_texts, mailings, ${us}, ${choosing}, action_statements, action_targets, alert_requests, body_states, contact_refusals, desk_sessions, going_live, holidays, image_files, images,
      import_rows, imports, loaded_files, mappings, office_alternates, passkey_challenges, passkeys, rehearsals, sending_rules, signin_links, surge_readers, switches, undos, deputies, staff_places, export_parts, export_rows, recovery_codes, lockdown`,
    runs: 'ask_for_whole, names_in_mailbox, sent_on, read_capsule, open_records, records_to_reseal, records_under_other_keys, reseal_records, current_consents, keep_signed_ask, open_participations, open_people, record_over, rehearsing, forgetting_ahead, is_held, export_members, hand_over_export, list_export, note_handed_over, open_export, open_contact_messages, open_returned_letters',
  },
}

/** The same for what is published. */
const its = 'item_relations, item_chronologies, item_checks, item_correction_words, item_corrections, item_former_slugs, item_publications, item_revisions, item_subjects, item_uses, items, record_publications, record_revisions, record_subjects, records, revision_files, subject_actions, subject_former_slugs, subject_names, subjects, contacts'
const written = 'house_styles, ignored_findings'
const brought = 'digest_imports, imported_items, old_addresses'
const pictured = 'imported_pictures'
const itsViews = 'public_file_pages, public_bulletin_sheets, public_cards, public_addresses, public_listings, public_item_relations, public_item_chronologies, public_item_numbers, public_search, public_old_addresses, public_corrections, public_former_slugs, public_item_subjects, public_item_words, public_items, public_record_subjects, public_record_places, public_records, public_sources, public_subject_actions, public_subject_names, public_subjects, public_contacts'
const searched = 'search_texts, search_words, cards, bulletin_sheets, file_texts, file_pages'
const told = 'contact_notices, revision_marks'
const publishing: Record<RoleName, { reads: string, adds: string, changes: string, removes: string }> = {
  site: { reads: `${itsViews}, search_words`, adds: '', changes: '', removes: '' },
  worker: { reads: `${told}, staff_places (staff_id place), ${itsViews}, item_numbers, ${its}, ${brought}, ${pictured}, ${written}, ${searched}, contact_messages (id subject_id person_id state practice received_at)`, adds: `${told}, ${searched}, ${pictured}, contact_messages, imported_items, old_addresses, items, item_subjects, item_revisions, revision_files, records, record_revisions, record_subjects, images, image_files`, changes: `contact_notices, ${searched}, ${brought}, contact_messages (person_id)`, removes: `${searched}, ${brought}, ${pictured}, contact_messages, item_publications, item_revisions, items, record_publications, record_revisions, records, subjects` },
  desk: {
    reads: `revision_marks, stale_translations, ${itsViews}, item_numbers, item_number_series, ${its}, ${brought}, ${pictured}, ${written}, item_drafts, record_drafts, contact_messages (id subject_id language state practice received_at read_at read_by answered_at answered_by)`, adds: `${its}, item_numbers, item_number_series, ${written}, item_drafts, record_drafts, digest_imports`,
    changes: `item_number_series, item_numbers (number given_at), contacts, contact_messages (state read_at read_by answered_at answered_by), item_drafts, record_drafts, digest_imports, house_styles, item_former_slugs, item_publications (until_at cancelled_at), item_subjects, items, record_publications (until_at cancelled_at), record_subjects, records, subject_actions, subject_former_slugs,
      subject_names, subjects`,
    removes: 'item_relations, item_chronologies, contacts, digest_imports, ignored_findings, item_drafts, record_drafts, item_former_slugs, item_subjects, record_subjects, subject_actions, subject_former_slugs, subject_names',
  },
}

for (const role of roleNames) {
  test(`the ${role} may do what is written down here, and nothing else`, async () => {
    const rights = await rightsOf(it.db, nameOf(role))
    for (const right of ['reads', 'adds', 'changes'] as const) assert.deepEqual(inShort(rights, right), words(`${expected[role][right]}, ${publishing[role][right]}`).filter(Boolean), `${role} ${right}`)
    assert.deepEqual(rights.filter(({ whole }) => whole.includes('delete')).map(({ relation }) => relation), words(`${expected[role].removes}, ${publishing[role].removes}`).filter(Boolean))
    assert.deepEqual(rights.filter(({ whole }) => whole.some((right) => right !== 'delete')), [], 'nobody truncates, refers or adds triggers')
    const { rows: functions } = await sql<{ name: string }>`
      select proname::text as name from pg_proc where pronamespace = 'public'::regnamespace and has_function_privilege(${nameOf(role)}, oid, 'execute') order by 1`.execute(it.db)
    assert.deepEqual(functions.map(({ name }) => name), words(expected[role].runs))
  })

  test(`signed in as the ${role}, what it may not read is refused column by column`, async () => {
    const may = new Map((await rightsOf(it.db, nameOf(role))).map((each) => [each.relation, each]))
    for (const [relation, { columns, reads }] of may) {
      for (const column of columns) {
        const tried = await sql`select ${sql.ref(column)} from ${sql.table(relation)} limit 1`.execute(it.as(role)).then(() => 'read', (error: { code?: string }) => error.code)
        assert.equal(tried, reads.includes(column) ? 'read' : '42501', `${role} ${relation}.${column}`)
      }
    }
  })

  test(`signed in as the ${role}, there is no way around that`, async () => {
    const db = it.as(role)
    for (const [statement, code] of [
      ['create table mine (id int)', '42501'], ['create schema mine', '42501'], ['create role mine', '42501'], ['create database mine', '42501'], ['create extension file_fdw', '42501'],
      ["select pg_read_file('postgresql.conf')", '42501'], ["select pg_ls_dir('.')", '42501'], ["copy publisher to '/tmp/mine'", '42501'], ["copy publisher to program 'cat'", '42501'],
      [`set role ${roleFor(rolePrefix, role === 'site' ? 'worker' : 'site')}`, '42501'], ["set session_replication_role = 'replica'", '42501'], ["alter system set log_statement = 'all'", '42501'],
      ['select rolpassword from pg_authid', '42501'], ["select set_config('log_statement', 'all', false)", '42501'],
    ]) await assert.rejects(sql.raw(statement!).execute(db), { code }, `${role}: ${statement}`)
    const { rows: [attributes] } = await sql`
      select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as more, (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships
      from pg_roles where rolname = ${nameOf(role)}`.execute(it.db)
    assert.deepEqual(attributes, { more: false, memberships: 0 })
  })
}

test('the queue is the worker’s: the site has no part in it, and the desk can add to it but change nothing', async () => {
  await assert.rejects(sql`select data from pgboss.job`.execute(it.as('site')), { code: '42501' })
  await assert.rejects(sql`insert into pgboss.job (name) values ('privacy.expire')`.execute(it.as('site')), { code: '42501' })
  await assert.rejects(sql`update pgboss.job set data = '{}'`.execute(it.as('desk')), { code: '42501' })
  await assert.rejects(sql`delete from pgboss.job`.execute(it.as('desk')), { code: '42501' })
})

/** A cell of the table in docs/map.md: "r i u* d". */
function cell({ columns, reads, adds, changes, whole }: Rights): string {
  const letter = (sign: string, its: string[]) => (its.length === 0 ? [] : [its.length === columns.length ? sign : `${sign}*`])
  return [...letter('r', reads), ...letter('i', adds), ...letter('u', changes), ...(whole.includes('delete') ? ['d'] : [])].toSorted().join(' ')
}

test('docs/map.md has every table with what each role may do', async () => {
  const rights = byRole((role) => rightsOf(it.db, nameOf(role)))
  const rightOf = async (role: RoleName, table: string) => cell((await rights[role]).find(({ relation }) => relation === table)!)
  const [, part] = readFileSync('docs/map.md', 'utf8').split('| table | owner | site | worker | desk |\n')
  const rows = part!.split('\n\n')[0]!.split('\n').slice(1).map((line) => line.split('|').slice(1, -1).map((text) => text.trim())).filter(([names]) => !names!.startsWith('schema'))
  const listed = rows.flatMap(([names]) => names!.split(', '))
  assert.deepEqual(listed.toSorted(), (await rights.site).filter(({ kind }) => kind === 'table').map(({ relation }) => relation))
  for (const [names, , ...cells] of rows) {
    for (const table of names!.split(', ')) {
      const said = cells.map((text) => text.split(' ').filter(Boolean).toSorted().join(' '))
      assert.deepEqual(said, await Promise.all(roleNames.map((role) => rightOf(role, table))), table)
    }
  }
})
