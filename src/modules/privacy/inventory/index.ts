import { actions, consent, organisation, targets } from './publishing.ts'
import { items, subjects } from './items.ts'
import { mail, mailings, participations, supporters } from './supporters.ts'
import type { Noun } from './listed.ts'

export { dataClasses, type DataClass, type ListedTable, type Noun } from './listed.ts'

/** Every column of the database: what it is, what it is for, how long it is kept. Who reads it the database itself knows. docs/privacy.md is made of this. */
export const inventory: Noun[] = [supporters, participations, mail, mailings, consent, actions, targets, subjects, items, organisation]

/** What the public server sees instead of the tables beneath, and one for the version before. A view has no data of its own. */
export const views: Record<string, string> = {
  surge_readers: 'who of the staff wants to hear of surges; as the version before asks for it',
  public_actions: 'actions that are open, stopped or closed; drafts only with a rehearsal’s link',
  public_action_words: 'their words as published',
  public_asks: 'what they ask, as it was signed',
  public_stops: 'why one was stopped or closed',
  public_action_targets: 'who is written to',
  public_action_times: 'until when messages are kept, whether they still leave, and what is offered while a body does not sit',
  public_statements: 'the questions of consent that their forms ask',
  public_opt_outs: 'offices that are not written to, until when, and what supporters read about it',
  public_office_tallies: 'how many wrote to an office and what came back, from ten on',
  public_replies: 'what offices said in public, as long as it is not withdrawn',
  public_sheets: 'sheets to print',
  public_files: 'pictures, sheets and files that something public shows',
  public_area_facts: 'facts about areas, of actions that are shown',
  public_tallies: 'counts; of countries and areas those from ten on',
  public_count_changes: 'what staff took out of counts or put back, and why',
  public_target_choices: 'groups, rules and columns of facts, of messages that are shown',
  public_item_numbers: 'numbers of items that are public',
  public_bulletin_question: 'the question that is asked of whoever wants a bulletin',
  public_newsletter_topics: 'what topics of newsletters are called, for the page on which a reader leaves one',
  public_bulletin_sheets: 'bulletins as PDF, as long as all that they show is public',
  public_file_pages: 'what PDF files say that something public offers',
  public_cards: 'pictures of shared links, of what is public',
  public_record_places: 'on which page a public record stands',
  public_search: 'folded words of what is public at this moment',
  public_subjects: 'places and topics whose page is published',
  public_subject_names: 'what those are called',
  public_contacts: 'who readers turn to there: role, and name where they want that',
  public_items: 'items that are published at this moment in some language',
  public_item_words: 'the words that a pointer makes public at this moment',
  public_item_subjects: 'what published items are about',
  public_listings: 'which of them stand where in lists at this moment',
  public_addresses: 'where they are',
  public_item_relations: 'which of them stand beside which',
  public_item_chronologies: 'the chronologies that stand beside them',
  public_corrections: 'what was wrong in published items, and what is right',
  public_sources: 'which version of another language published words follow, without what it says',
  public_records: 'figures, quotes, demands, notices, standing texts and pictures that are published',
  public_record_subjects: 'what those are about',
  public_former_slugs: 'former addresses of what is published',
  public_old_addresses: 'addresses that public pages had elsewhere, and where they are now',
  public_subject_actions: 'which published actions the page of a place or topic leads to',
  public_shown_names: 'names and comments that people asked to have shown and that staff have let through',
}
