-- Whoever follows an old link to what was taken back is told so, and led on to what is about the same: the ids of the places and topics that it was about, or around the place
-- that had the page, as far as they have a page. Nothing where nothing of that kind and address was taken back. `taken_back` is for the version before.
create function taken_back_beside(wanted text, asked text) returns uuid[] language sql stable security definer set search_path = public as $$
  with recursive gone as (
    select items.id, null::uuid as subject_id from items where wanted = 'item' and taken_back(asked)
      and items.id in (select id from items where slug = asked union all select item_id from item_former_slugs where slug = asked union all select item_id from item_numbers where number = upper(asked))
    union all
    select items.id, subjects.id from subjects join items on items.subject_id = subjects.id and items.kind = 'about'
    where subjects.kind = wanted and subjects.id in (select id from subjects where slug = asked union all select subject_id from subject_former_slugs former where former.kind = wanted and former.slug = asked)
      and exists (select from item_publications pointer where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= now())
      and not exists (select from item_publications pointer where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now()))
  ), around as (
    select parent_id as id from subjects where id in (select subject_id from gone)
    union select subjects.parent_id from around join subjects on subjects.id = around.id
  )
  select case when exists (select from gone) then array(
    select id from public_subjects where id in (select subject_id from item_subjects where item_id in (select id from gone where subject_id is null)) or id in (select id from around)) end
$$;

revoke all on function taken_back_beside from public;
grant execute on function taken_back_beside to :site;

-- What something that is gone is called in the log of who did what: a file that was tried and thrown away, and its day.
create table audit_names (
  subject_id uuid primary key,
  name text not null check (length(name) <= 200),
  day date not null
);
grant select, insert on audit_names to :desk;
