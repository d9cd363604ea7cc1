import { listed, type Noun } from './listed.ts'

const forGood = 'For good.'
const asLong = 'As long as the item.'
const untilChanged = 'Until it is changed.'

export const subjects: Noun = {
  title: 'Places and topics',
  tables: {
    subjects: listed('Places and topics that pages and items are about.', forGood, ['public', 'id kind slug code parent_id demo created_at', 'its address and short code; public with its page']),
    subject_names: listed('All that a place or topic is called.', untilChanged, ['public', 'subject_id language name shown', 'its names, and which of them is shown']),
    subject_former_slugs: listed('Addresses that a place or topic had.', forGood, ['public', 'kind slug subject_id since', 'so that old links go on working']),
    subject_actions: listed('Which actions its page leads to.', untilChanged, ['public', 'subject_id action_id', 'the actions']),
  },
}

export const items: Noun = {
  title: 'What is published',
  tables: {
    items: listed('News, reports, threads of the digest and the like, and the texts of places’ and topics’ pages.', forGood,
      ['public', 'id slug kind thread subject_id pinned checked_on archived_at demo created_at', 'what it is; public with its words'], ['internal', 'review_by', 'when somebody should look at it again']),
    item_subjects: listed('What an item is about.', asLong, ['public', 'item_id subject_id', 'places and topics']),
    item_relations: listed('Which items stand beside which, and what one is to the other.', asLong, ['public', 'item_id other_id relation made_at', 'the relation; public while both items are'], ['staff', 'staff_id', 'who put it there']),
    item_chronologies: listed('Which chronologies stand beside an item.', asLong, ['public', 'item_id record_id made_at', 'the chronology; public while both are'], ['staff', 'staff_id', 'who put it there']),
    item_former_slugs: listed('Addresses that an item had.', asLong, ['public', 'slug item_id since', 'so that old links go on working']),
    item_revisions: listed('Every saved version of an item in a language.', asLong, ['public', 'id item_id language words source_id created_at', 'the words; public once published'], ['staff', 'staff_id', 'who saved it']),
    item_publications: listed('Which version is public from when on.', asLong, ['public', 'item_id language from_at until_at revision_id dated moves made_at cancelled_at', 'the pointer'], ['staff', 'staff_id', 'who set it']),
    stale_translations: listed('Translations whose original has changed since.', 'Until they are saved again.', ['internal', 'revision_id item_id', 'which']),
    revision_marks: listed('What in a published version goes stale by itself.', asLong, ['internal', 'revision_id mark due_on', 'what, and from which day on']),
    item_listings: listed('When each item stands where in lists.', 'As long as its pointers.', ['public', 'item_id subject_id language from_at until_at lead kind thread pinned dated published_at updated_at', 'what follows from pointers; schedules are in it, and are public at their moment']),
    item_checks: listed('Whether a version was checked.', asLong, ['internal', 'id item_id language revision_id verdict note happened_at', 'asked, approved or sent back, and why'], ['staff', 'staff_id', 'who did it']),
    item_corrections: listed('Corrections.', asLong, ['public', 'id item_id language revision_id corrected_at', 'which version corrects, and since when'], ['staff', 'staff_id', 'who made it']),
    item_correction_words: listed('What was wrong and what is right.', asLong, ['public', 'correction_id language wrong correct', 'in each language']),
    item_drafts: listed('What somebody has typed into the editor and not saved.', 'Until it is saved or thrown away.', ['internal', 'id item_id language base_id typed saved_at', 'the words as typed'], ['staff', 'staff_id typed_by', 'whose they are, and who typed what was handed over']),
    record_drafts: listed('What somebody has typed into the form of a record and not saved.', 'Until it is saved or thrown away.', ['internal', 'id form typed saved_at', 'the words as typed'], ['staff', 'staff_id typed_by', 'whose they are, and who typed what was handed over']),
    house_styles: listed('How the organisation writes, by language.', 'Until it is changed.', ['internal', 'language style changed_at', 'what was chosen'], ['staff', 'staff_id', 'who chose it']),
    ignored_findings: listed('Rules of wording that are not applied to an item.', 'As long as the item, or until they are applied again.', ['internal', 'item_id language rule made_at', 'which rule, in which language'], ['staff', 'staff_id', 'who said so']),
    digest_imports: listed('Pages that were brought over from elsewhere.', 'The file until its entries are made or it is thrown away; the rest for good.', ['internal', 'id file_name file language date_order subject_id state fault report choices tally made_at ended_at', 'the file, what was read from it, what was chosen and what came of it'], ['staff', 'staff_id', 'who brought it']),
    imported_items: listed('Which item was made from which entry of a source.', asLong, ['internal', 'source_key item_id language hash import_id revision_id before_id', 'so that the same import twice changes nothing and can be taken back']),
    imported_pictures: listed('Which pictures came with a page that was brought over.', 'As long as the picture.', ['internal', 'record_id import_id', 'so that they can be taken back with it']),
    old_addresses: listed('Addresses that a page had elsewhere.', asLong, ['public', 'path item_id', 'so that old links go on working'], ['internal', 'import_id', 'which import brought it']),
    contacts: listed('Who readers turn to about a place or topic.', untilChanged, ['public', 'id subject_id says languages created_at', 'role, name where they want that, and their languages'], ['staff', 'staff_id', 'who of the staff it is']),
    item_numbers: listed('The numbers under which items are cited.', forGood, ['public', 'number item_id given_at', 'the number, whose it is, and since when; public with the item']),
    item_number_series: listed('How far each row of numbers is.', forGood, ['internal', 'series last', 'the scheme filled in, and its last number']),
    bulletin_sheets: listed('The bulletin of a place or topic as PDF.', 'Until it is made again, or with the place or topic.', ['public', 'subject_id language revisions records made_of looked_at pdf', 'what is printed, and which versions it shows']),
    cards: listed('What a shared link shows of what is public.', 'As long as the words are public, and some minutes.', ['public', 'name revision_id language made_of png made_at', 'the picture, and which version it is made from']),
    file_texts: listed('Which files of items have been read for search, and what came of it.', 'As long as something public offers the file, and a day.', ['public', 'hash state pages attempts begun_at', 'how it ended, and when it was begun']),
    file_pages: listed('What they say.', 'With the row of the file.', ['public', 'hash page text', 'page by page, for finding it']),
    search_texts: listed('The words of what is public, for finding it.', 'As long as the words are public.', ['public', 'about id language revision_id besides title words', 'each word folded, with its places; which version it is made from']),
    search_words: listed('Every word that is public, for mending mistyped ones.', 'As long as the word is public.', ['public', 'word spelling texts near', 'the word, how it is written, in how many texts it is, and its neighbours']),
    records: listed('Figures, quotes, demands, notices, standing texts, pictures, bills, proceedings, chronologies and what is held elsewhere.', forGood, ['public', 'id kind handle demo created_at', 'what it is, and what texts call it'], ['internal', 'checked_on', 'the day on which somebody last made sure that it still holds']),
    record_subjects: listed('What a record is about.', 'As long as the record.', ['public', 'record_id subject_id', 'places and topics']),
    record_revisions: listed('Every saved version of a record.', 'As long as the record.', ['public', 'id record_id content image_id created_at', 'what it says; public once published'], ['staff', 'staff_id', 'who saved it']),
    record_publications: listed('Which version of a record is public from when on.', 'As long as the record.', ['public', 'record_id from_at until_at ends_at cancelled_at revision_id', 'the pointer'], ['staff', 'staff_id', 'who set it']),
    revision_files: listed('Which texts offer which files.', asLong, ['public', 'revision_id hash', 'the offer']),
    item_uses: listed('Which texts use which records.', asLong, ['public', 'revision_id record_id', 'the use']),
  },
}
