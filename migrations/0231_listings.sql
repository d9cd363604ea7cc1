-- What lists are read from: for each item, and each place and topic that it is about, when it stands where in lists. It follows from pointers and says what they say, schedules included:
-- a row holds from one moment to another, so that nothing has to be done when a moment comes. The database keeps it, in the transaction that changes a pointer.
create table item_listings (
  item_id uuid not null references items on delete cascade,
  -- A place or topic that it is about, or whose page it is the text of; or the zero id, for the whole site.
  subject_id uuid not null,
  language text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  -- One row of each item and moment stands for all of its languages.
  lead boolean not null,
  kind text not null,
  thread boolean not null,
  pinned boolean not null,
  dated date not null,
  published_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (item_id, subject_id, language, from_at)
);
create index item_listings_by_day on item_listings (subject_id, pinned desc, dated desc, published_at desc, item_id) include (kind, thread, from_at, until_at) where lead;
create index item_listings_by_change on item_listings (subject_id, language, updated_at desc, item_id) include (kind, from_at, until_at);
create index item_listings_by_kind on item_listings (kind, language, updated_at desc, item_id) include (from_at, until_at) where subject_id = '00000000-0000-0000-0000-000000000000';

-- Which places and topics have a page.
create index item_listings_pages on item_listings (subject_id) include (item_id, from_at, until_at) where kind = 'about' and lead;

create function list_items(ids uuid[]) returns void language plpgsql security definer set search_path = public as $$
begin
  -- Two changes of one item come one after the other, and the later one sees what the earlier made.
  perform from items where id = any (ids) order by id for no key update;
  delete from item_listings where item_id = any (ids);
  insert into item_listings (item_id, subject_id, language, from_at, until_at, lead, kind, thread, pinned, dated, published_at, updated_at)
  with moments as (
    select item_id, from_at as at from item_publications where item_id = any (ids) and cancelled_at is null
    union select item_id, until_at from item_publications where item_id = any (ids) and cancelled_at is null and until_at is not null
  ), stretches as (
    select item_id, at as from_at, lead(at) over (partition by item_id order by at) as until_at from moments
  ), holding as (
    -- Within a transaction two pointers of a language can overlap for a moment: the later one holds.
    select distinct on (stretch.item_id, stretch.from_at, pointer.language) stretch.item_id, stretch.from_at, stretch.until_at, pointer.language, pointer.dated
    from stretches stretch join item_publications pointer on pointer.item_id = stretch.item_id and pointer.cancelled_at is null and pointer.revision_id is not null
      and pointer.from_at <= stretch.from_at and (pointer.until_at is null or pointer.until_at > stretch.from_at)
    where stretch.until_at is null or stretch.until_at > now()
    order by stretch.item_id, stretch.from_at, pointer.language, pointer.from_at desc
  ), shown as (
    select item_id, from_at, until_at, language, max(dated) over each as dated, row_number() over (each order by language) = 1 as lead from holding window each as (partition by item_id, from_at)
  )
  select shown.item_id, about.subject_id, shown.language, shown.from_at, shown.until_at, shown.lead, items.kind, items.thread, items.pinned, shown.dated, times.published_at, coalesce(times.updated_at, times.published_at)
  from shown join items on items.id = shown.item_id
  cross join lateral (select min(from_at) as published_at, max(from_at) filter (where moves) as updated_at from item_publications
    where item_id = shown.item_id and revision_id is not null and cancelled_at is null and from_at <= shown.from_at) times
  cross join lateral (select '00000000-0000-0000-0000-000000000000'::uuid as subject_id union all select subject_id from item_subjects where item_id = shown.item_id union select items.subject_id where items.subject_id is not null) about;
end $$;
create function list_changed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform list_items(array(select distinct item_id from changed));
  return null;
end $$;
create function list_item_changed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform list_items(array(select now_.id from changed now_ join former using (id) where (now_.kind, now_.thread, now_.pinned) is distinct from (former.kind, former.thread, former.pinned)));
  return null;
end $$;
revoke all on function list_items, list_changed, list_item_changed from public;
create trigger listed after insert on item_publications referencing new table as changed for each statement execute function list_changed();
create trigger listed_again after update on item_publications referencing new table as changed for each statement execute function list_changed();
create trigger unlisted after delete on item_publications referencing old table as changed for each statement execute function list_changed();
create trigger listed after insert on item_subjects referencing new table as changed for each statement execute function list_changed();
create trigger unlisted after delete on item_subjects referencing old table as changed for each statement execute function list_changed();
create trigger listed_again after update on items referencing old table as former new table as changed for each statement execute function list_item_changed();
select list_items(array(select id from items));

create view public_listings as
select item_id, subject_id, language, lead, kind, thread, pinned, dated, published_at, updated_at from item_listings where from_at <= now() and (until_at is null or until_at > now());

create or replace view public_items as
select items.id, items.slug, items.kind, items.thread, items.subject_id, items.pinned, items.checked_on, items.archived_at, items.demo,
  listed.dated, (select array_agg(its.language order by its.language) from public_listings its where its.item_id = items.id and its.subject_id = listed.subject_id) as languages, listed.published_at, listed.updated_at,
  -- Most have none of these: then nobody asks for them.
  exists (select from item_corrections where item_id = items.id) as corrected,
  exists (select from item_relations where item_id = items.id) or exists (select from item_relations where other_id = items.id) or exists (select from item_chronologies where item_id = items.id)
    or exists (select from record_revisions revision where revision.content ? 'entries' and revision.content -> 'entries' @> jsonb_build_array(jsonb_build_object('leadsTo', jsonb_build_object('item', items.id)))) as beside
from items join public_listings listed on listed.item_id = items.id and listed.subject_id = '00000000-0000-0000-0000-000000000000' and listed.lead;

create or replace view public_subjects as
select subjects.id, subjects.kind, subjects.slug, subjects.code, subjects.parent_id, listed.item_id
from subjects join public_listings listed on listed.subject_id = subjects.id and listed.kind = 'about' and listed.lead;

create or replace view public_item_subjects as
select listed.item_id, listed.subject_id from public_listings listed
where listed.lead and listed.kind <> 'about' and exists (select from public_listings page where page.subject_id = listed.subject_id and page.kind = 'about' and page.lead);

create or replace view public_item_relations as
select item_id, other_id, relation from item_relations
where exists (select from public_listings listed where listed.item_id = item_relations.item_id and listed.subject_id = '00000000-0000-0000-0000-000000000000' and listed.lead)
  and exists (select from public_listings listed where listed.item_id = item_relations.other_id and listed.subject_id = '00000000-0000-0000-0000-000000000000' and listed.lead);

create or replace view public_record_subjects as
select record_subjects.record_id, record_subjects.subject_id from record_subjects
where exists (select from public_listings page where page.subject_id = record_subjects.subject_id and page.kind = 'about' and page.lead)
  and exists (select from record_publications pointer where pointer.record_id = record_subjects.record_id and pointer.cancelled_at is null and pointer.revision_id is not null
    and pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now()));

create or replace view public_item_numbers as
select item_numbers.number, listed.item_id, items.slug
from item_numbers join public_listings listed on listed.item_id = item_numbers.item_id and listed.subject_id = '00000000-0000-0000-0000-000000000000' and listed.lead
left join items on items.id = item_numbers.item_id;

create or replace view public_item_chronologies as
select item_chronologies.item_id, public_records.handle, public_records.content
from item_chronologies join public_records on public_records.id = item_chronologies.record_id
where exists (select from public_listings listed where listed.item_id = item_chronologies.item_id and listed.subject_id = '00000000-0000-0000-0000-000000000000' and listed.lead);

-- Where what is public is: of what is not, nothing.
create view public_addresses as
select items.id, items.slug, items.kind from items
where exists (select from public_listings listed where listed.item_id = items.id and listed.subject_id = '00000000-0000-0000-0000-000000000000' and listed.lead);

grant select on public_listings, public_addresses to :site, :worker, :desk;
