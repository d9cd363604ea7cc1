import { recipientDays } from '#modules/mailings/index.ts'
import { keptDays } from '../expire.ts'
import { listed, type Noun } from './listed.ts'

const withPerson = 'Until the person is erased.'
const unconfirmed = `Until it is erased; if it is not confirmed, ${keptDays.unconfirmed} days.`

export const supporters: Noun = {
  title: 'Supporters',
  tables: {
    people: listed('One row for each address that took part.', `Until the person asks, or has taken part in nothing for two years; ${keptDays.unconfirmed} days if nothing was ever confirmed.`,
      ['personal', 'id', 'a random number'], ['sealed', 'contact', 'e-mail address and, once confirmed, name'],
      ['personal', 'language country area_id', 'in which language to write, and who represents them; said in a confirmed form'], ['personal', 'created_at confirmed_at', 'when they first came, and when they first confirmed'], ['personal', 'paused_until', 'until when they want no mail']),
    email_indexes: listed('From an address to a person, without the address.', withPerson,
      ['index', 'email_index', 'HMAC of the address under a key that only the worker has'], ['internal', 'key_id', 'which key that was'], ['personal', 'person_id', 'the person']),
    suppressions: listed('Addresses that must not be written to.', 'For good: forgetting it would mean writing again.',
      ['index', 'email_index', 'HMAC of the address'], ['internal', 'key_id', 'under which key'], ['personal', 'scope subject reason created_at', 'what must not be sent, about which action where it is one, why, and since when'], ['internal', 'practice', 'whether it ends with practice']),
    suppression_requests: listed('What a staff member asked the worker about one suppressed address.', `${keptDays.searches} day.`,
      ['sealed', 'query', 'the address'], ['staff', 'id staff_id audit_line kind scope reason own_wish practice created_at answered_at', 'who asked what, and when it was answered'], ['personal', 'answer', 'what holds for that address']),
    unanswered_mails: listed('How many requests to confirm a mailbox has left unanswered, so that nobody can flood it.', `${keptDays.unansweredMails} days after the last.`,
      ['index', 'strict_index', 'HMAC of the address without dots and tags'], ['personal', 'mail_ids sent_at newest_at', 'which mails, and when']),
    known_browsers: listed('Browsers that confirmed an address and need not do so again.', '30 days.',
      ['token', 'token_hash', 'of the browser’s cookie'], ['personal', 'person_id expires_at', 'whose it is, and until when']),
    person_searches: listed('A staff member’s question who has an address, put to the worker.', `${keptDays.searches} day.`,
      ['sealed', 'query', 'the address that is looked for'], ['staff', 'id staff_id created_at answered_at', 'who asked, and when it was answered'], ['personal', 'person_id', 'the answer']),
    legal_holds: listed('Who must not be forgotten for now, because a law or a court wants it kept.', 'For good: it says why something was kept.',
      ['personal', 'id person_id action_id', 'whom it keeps, or everybody of which action'], ['staff', 'reason placed_by placed_at lifted_by lifted_at lifted_reason', 'who placed it and lifted it, when and why']),
    erasure_requests: listed('Who asked to be erased and is not yet.', 'Seconds, or until no hold stands against it.', ['personal', 'person_id asked_at', 'who, and since when']),
    erasures: listed('Whom we erased because they asked, so that a restored copy erases them again. The data folder has the same lines in a file.', `${keptDays.erasures} days; an older copy forgets them by its clocks.`,
      ['index', 'person_hash', 'SHA-256 of the person’s random number, which is gone'], ['index', 'email_index', 'HMAC of the address'], ['internal', 'key_id', 'under which key'], ['personal', 'erased_at', 'when']),
    consents: listed('Every answer to a worded question.', `${withPerson} It proves what was agreed to.`,
      ['personal', 'person_id id participation_id action_id', 'who, when taking part in what, and about which action'], ['personal', 'statement_id wording_id', 'which question, in which words'],
      ['personal', 'answer way', 'what they said, and how'], ['personal', 'presented_at recorded_at', 'when they saw it, and when it held']),
    preferences: listed('How often somebody wants to be written to.', withPerson,
      ['personal', 'person_id statement_id topic frequency changed_at', 'about what, how often, and since when']),
  },
}

export const participations: Noun = {
  title: 'Taking part',
  tables: {
    intake_batches: listed('What the public server handed in together.', `${keptDays.emptiedIntake} days after it was dealt with.`,
      ['internal', 'batch_id entries received_at claimed_by claimed_at settled_at keys', 'what waits, for which worker, since when, and what it was sealed for']),
    intake: listed('What the public server has taken in and the worker has not yet dealt with.', 'Seconds.',
      ['internal', 'batch_id position', 'where it stands in its batch'], ['sealed', 'contact', 'everything that was typed, of a whole batch together; phone and postal address sealed once more within'], ['sealed', 'record', 'phone, postal address, as the version before took them in']),
    intake_refused: listed('What the worker could make no sense of.', `${keptDays.unconfirmed} days.`,
      ['internal', 'batch_id position reason refused_at', 'what was wrong with it, and when'], ['sealed', 'contact record', 'as they came in']),
    participations: listed('One person taking one action.', `${unconfirmed} After an erasure what was counted stays, under a new random number, without all that is sealed.`,
      ['personal', 'person_id id action_id ask_id', 'who took part in what'], ['personal', 'language country area_id source', 'in which language, from where, and by which link of ours they came'],
      ['personal', 'state held_reason taken_at confirmed_at ended_at reminded_at', 'how far it is, and since when'], ['internal', 'place removal_id removed_from', 'whether it is the second one of a mailbox; by which decision it was taken out of the count'],
      ['index', 'name_index', 'HMAC of the name with the person’s number: tells two people apart who share a mailbox'],
      ['index', 'domain_index pattern_index', `HMAC of the address’s domain, and of its shape without numbers: to notice and remove what a program made; emptied after ${keptDays.likeness} days`], ['internal', 'counted practice rehearsal_id', 'whether it counts, or was a trial'],
      ['index', 'form_hash', 'recognises a double click; made with a random number of the form'], ['token', 'cookie_hash code_hash', 'lets the browser that signed confirm; emptied after a day'],
      ['personal', 'answers', 'consents that wait for the confirmation'], ['sealed', 'details', 'the name it was signed with, comment and postcode'], ['sealed', 'record', 'phone, postal address']),
    links: listed('From the link in a mail to what it is about.', unconfirmed, ['token', 'token_hash', 'of the link; the link itself is only in the mail'], ['personal', 'person_id participation_id created_at', 'what it is about']),
    code_tries: listed('How often a browser has typed a code.', `${keptDays.tries} day.`, ['token', 'cookie_hash', 'of the browser’s cookie'], ['internal', 'tries first_try_at', 'how often, and since when']),
    duplicate_salts: listed('Makes the fingerprints below useless once it is destroyed.', `${keptDays.duplicateSalts} days after the action has closed.`, ['internal', 'action_id', 'for which action'], ['secret', 'salt', 'a random number']),
    erased_duplicates: listed('That somebody who was erased has been counted, so that the same address is not counted again.', `${keptDays.duplicateSalts} days after the action has closed.`,
      ['internal', 'action_id', 'in which action'], ['index', 'hash', 'of the address’s index and the salt']),
    public_names: listed('Names and comments on the page of a petition.', 'Until they are taken back or the person is erased.',
      ['personal', 'person_id participation_id', 'whose it is'], ['shown', 'shown_name comment', 'as they asked to have it shown'], ['internal', 'action_id state asked_at', 'where, and whether staff have looked at it']),
    count_ticks: listed('When was counted.', 'For good.', ['internal', 'id ticked_at', 'the moments']),
    count_arrivals: listed('Who has just been confirmed and is not in the totals yet.', 'Emptied within seconds.', ['internal', 'id', 'one of them'], ['personal', 'action_id country area_id source language confirmed_at', 'what the totals go up by']),
    count_entries: listed('What was added to counts and taken off, in shuffled order.', 'For good.', ['internal', 'tick_id position action_id change removal_id', 'which count, up or down, and by whose decision if it was one']),
    removals: listed('What staff took out of a count by what it had in common, or put back.', 'For good: it stands in the public history of the count.',
      ['public', 'id action_id reason', 'from which count, and why'], ['staff', 'staff_id', 'who decided it'],
      ['internal', 'taken_from taken_until country language source held_reason surge_id state matched matched_confirmed removed restored created_at ended_at', 'what they had in common, and how far it is'],
      ['sealed', 'domain', 'a domain of addresses as typed; emptied within a second'], ['index', 'domain_index pattern_index', 'HMAC of a domain, or of a shape of address']),
    surges: listed('That something was not as usual: how many, and how many there would have been.', `${keptDays.surges} days.`,
      ['internal', 'id action_id kind since noticed_at recent usual mailed_at seen_at', 'what was noticed, and when'], ['staff', 'seen_by', 'who has looked at it'], ['index', 'alike', 'HMAC of the domain or shape of address that many had']),
    tallies: listed('The counts.', 'As long as the action. Areas and countries with fewer than ten are not shown.', ['public', 'action_id dimension value total', 'how many, by country, area, day, source and language']),
    recounts: listed('Where the nightly recount found another number.', 'For good.', ['internal', 'id counted_at action_id was is_now', 'the two numbers']),
  },
}

export const mail: Noun = {
  title: 'Mails and messages',
  tables: {
    mails: listed('Mails to supporters: what was promised and what became of it. No address and no text.', `${keptDays.endedMail} days after it was sent.`,
      ['personal', 'person_id id participation_id kind', 'who gets which mail about what'], ['internal', 'state due_at claimed_by claimed_at attempts problem promised_at ended_at practice', 'what became of it; a problem is the kind of answer of the server, without the address']),
    message_texts: listed('What a supporter wrote to those in power.', `${keptDays.messageText} days after it was confirmed and has left; ${keptDays.unconfirmed} if it is not confirmed.`,
      ['personal', 'person_id participation_id', 'whose it is'], ['sealed', 'contact', 'so that the worker can send it; emptied once everything has left'], ['sealed', 'record', 'so that the desk can open it']),
    messages: listed('That a message went to an office, without its text.', 'Until the person is erased; then under a new random number.',
      ['personal', 'person_id id participation_id action_id office_id official_id written_to own copy variant_id place', 'who wrote to which office, held by whom, and whether as one of its people'],
      ['internal', 'rehearsal state waiting_for ruled_out due_at sending_at attempts problem promised_at ended_at practice in_digest digest_id alternate', 'what became of it, and whether it went in one mail with others'],
      ['personal', 'will_ask asked_at reply replied_at', 'whether they are asked if an answer came, and what they said']),
    sending_waits: listed('Which offices an action’s messages wait for, and why.', 'While they wait.', ['internal', 'action_id office_id reason until look_again_at', 'what they wait for, and until when']),
    digests: listed('Mails that carry many messages to one office. Their words are not kept here.', 'For good; it names nobody.',
      ['internal', 'id office_id official_id practice period state alternate messages due_at sending_at attempts problem planned_at ended_at', 'to which office, on which day, how many messages, and what became of it'], ['token', 'token_hash', 'of the link by which the office checks the numbers']),
    digest_texts: listed('How many used the publisher’s words as they were.', 'With the digest.', ['internal', 'digest_id revision_id unchanged changed', 'how many']),
    office_tallies: listed('How many wrote to an office, and what they say came back.', 'As long as the action. Fewer than ten are not shown.', ['internal', 'office_id action_id people first_on no_reply standard_reply real_reply', 'the numbers']),
    office_changes: listed('Offices whose numbers have changed.', 'Seconds.', ['internal', 'office_id', 'which']),
    sending_rules: listed('How fast offices are written to, and whether in one mail.', 'Until it is changed.', ['internal', 'scope subject per_minute daily_cap digest digest_hour', 'the rule']),
    sending_days: listed('How the servers of offices took what came, by day.', `${keptDays.sendingDays} days.`, ['internal', 'scope subject day accepted refused deferred unknown', 'how many; of a domain, or of the public address of an office']),
    sending_rests: listed('Who refuses and is left alone for now.', 'As long as it is written to.', ['internal', 'scope subject in_a_row rests rested_until problem changed_at', 'since when and until when; of a domain, or of the public address of an office']),
    paces: listed('How fast a mailbox or a domain may be written to.', 'As long as it is written to.', ['index', 'mailbox', 'of the office’s address or domain'], ['internal', 'next_at day sent_today', 'when next, and how many today']),
  },
}

export const mailings: Noun = {
  title: 'Updates and newsletters',
  tables: {
    mailings: listed('What is written once and sent to many, and to whom in general.', 'Until it is discarded as a draft; otherwise for good, as numbers.',
      ['internal', 'id kind action_id state statements filter fallback_language send_at zone quiet_from quiet_until practice', 'what about, to which sort of people, and when'], ['staff', 'created_by created_at changed_at reason', 'who wrote it, and why it was paused or stopped'],
      ['internal', 'counted counted_at count_asked_at planned_after planned_at next_at started_at ended_at results', 'how many, and how far it is; a random number says up to where people have been looked at']),
    mailing_texts: listed('Its words.', 'With the mailing.', ['internal', 'mailing_id language subject from_name body changed_at', 'as they are sent']),
    mailing_recipients: listed('Who gets a mailing. No address and no text, and nothing about whether it was read.', `${recipientDays} days after it has ended; then only numbers. After an erasure what was sent stays, under a new random number.`,
      ['personal', 'person_id mailing_id id participation_id language', 'who gets it, in which language, with whose link out'], ['personal', 'state left_out returned returned_at unsubscribed_at', 'what became of it, and whether they have unsubscribed since'],
      ['internal', 'due_at sending_at claimed_by attempts problem ended_at', 'when; a problem is the kind of answer of the server, without the address']),
    mailing_tests: listed('That somebody who works here wanted to see a mailing in their own mailbox.', 'With the mailing.', ['staff', 'id mailing_id staff_id language state problem asked_at ended_at', 'who, and what became of it']),
    mailing_habits: listed('When nobody is written to and how fast, where a mailing does not say otherwise.', 'Until it is changed.', ['internal', 'id quiet_from quiet_until per_minute', 'the hours, and how many in a minute']),
  },
}
