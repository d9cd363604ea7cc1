-- Search finds records too, where a page shows them, and whom readers turn to, by role. As with items, a row says nothing about whether its words still are public: that is for the view to ask.
alter table search_texts drop constraint search_texts_about_check;
alter table search_texts add constraint search_texts_about_check check (about in ('item', 'action', 'record', 'contact'));

-- What became public lately is looked for by its moment.
create index record_publications_from on record_publications (from_at);

-- Where a record stands that is public: on the page of a place or topic, in the text of an item that shows it, or on a page of its own.
create view public_record_places as
select shown.id as record_id, 'chronology' as stands, shown.handle as slug, null::uuid as stands_id, 0 as place, null::date as dated
from public_records shown where shown.kind = 'chronology'
union all
select its.record_id, subjects.kind, subjects.slug, subjects.id, 1, null
from public_record_subjects its join records on records.id = its.record_id join subjects on subjects.id = its.subject_id
where records.kind in ('demand', 'measure', 'proceeding', 'elsewhere')
union all
select uses.record_id, coalesce(subjects.kind, case items.kind when 'campaign' then 'campaign' else 'item' end), coalesce(subjects.slug, items.slug), coalesce(subjects.id, items.id), 2, shown.dated
from item_uses uses join public_item_words shown on shown.revision_id = uses.revision_id join items on items.id = shown.item_id left join subjects on subjects.id = items.subject_id;

create or replace view public_search as
select found.about, found.id, found.language, coalesce(subjects.kind, items.kind) as kind, coalesce(subjects.slug, items.slug) as slug, shown.dated, found.title, found.words, null::text as handle, null::text as stands, null::uuid as stands_id
from search_texts found
join public_item_words shown on shown.item_id = found.id and shown.language = found.language and shown.revision_id = found.revision_id
join items on items.id = found.id
left join subjects on subjects.id = items.subject_id
where found.about = 'item'
union all
select found.about, found.id, found.language, action.kind, action.slug, coalesce(action.opens_at, action.created_at)::date, found.title, found.words, null, null, null
from search_texts found
join public_action_words shown on shown.action_id = found.id and shown.language = found.language and shown.revision_id = found.revision_id
join public_actions action on action.id = found.id
where found.about = 'action' and action.state <> 'draft'
union all
-- A course is a course, here or on another site.
select found.about, found.id, found.language, case when shown.content ->> 'what' = 'course' then 'course' else shown.kind end, stand.slug, shown.from_at::date, found.title, found.words, shown.handle, stand.stands, stand.stands_id
from search_texts found
join public_records shown on shown.id = found.id and shown.revision_id = found.revision_id
cross join lateral (select slug, stands, stands_id from public_record_places places where places.record_id = found.id order by places.place, places.dated desc nulls last, places.slug limit 1) stand
where found.about = 'record'
union all
select found.about, found.id, found.language, 'contact', subjects.slug, shown.created_at::date, found.title, found.words, null, subjects.kind, subjects.id
from search_texts found
join public_contacts shown on shown.id = found.id and md5(shown.says::text) = found.besides
join subjects on subjects.id = shown.subject_id
where found.about = 'contact';
