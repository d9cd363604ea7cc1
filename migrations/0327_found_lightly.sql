-- What a question does not ask of a text that was found costs it nothing: what items and subjects say of it is joined only where it is asked.
create or replace view public_search as
select found.about, found.id, found.language, coalesce(subjects.kind, items.kind) as kind, coalesce(subjects.slug, items.slug) as slug, shown.dated, found.title, found.words, null::text as handle, null::text as stands, null::uuid as stands_id
from search_texts found
join item_publications shown on shown.item_id = found.id and shown.language = found.language and shown.revision_id = found.revision_id
  and shown.cancelled_at is null and shown.from_at <= now() and (shown.until_at is null or shown.until_at > now())
left join items on items.id = found.id
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

-- How many texts have a word changes with each thousand of them: with room beside it on its page, its indexes need not be touched for that.
alter table search_words set (fillfactor = 50);
