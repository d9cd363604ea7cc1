-- Translations whose original has changed since, as long as nobody has saved them again. It follows from the saved versions: the database keeps it, in the transaction that saves one.
create table stale_translations (
  revision_id uuid primary key references item_revisions on delete cascade,
  item_id uuid not null references items on delete cascade
);
create index stale_translations_item on stale_translations (item_id);
grant select on stale_translations to :desk;

create function translations_behind() returns trigger language plpgsql security definer set search_path = public as $$
begin
  delete from stale_translations stale using item_revisions former, saved
  where former.id = stale.revision_id and saved.item_id = former.item_id and saved.language = former.language and saved.created_at > former.created_at;
  insert into stale_translations (revision_id, item_id)
  select newest.id, newest.item_id from (select distinct item_id from saved) touched join item_revisions newest on newest.item_id = touched.item_id and newest.source_id is not null
  join item_revisions source on source.id = newest.source_id
  where exists (select from item_revisions later where later.item_id = source.item_id and later.language = source.language and later.created_at > source.created_at)
    and not exists (select from item_revisions later where later.item_id = newest.item_id and later.language = newest.language and later.created_at > newest.created_at)
  on conflict do nothing;
  return null;
end $$;
revoke all on function translations_behind from public;
create trigger behind after insert on item_revisions referencing new table as saved for each statement execute function translations_behind();

insert into stale_translations (revision_id, item_id)
select newest.id, newest.item_id from item_revisions newest join item_revisions source on source.id = newest.source_id
where exists (select from item_revisions later where later.item_id = source.item_id and later.language = source.language and later.created_at > source.created_at)
  and not exists (select from item_revisions later where later.item_id = newest.item_id and later.language = newest.language and later.created_at > newest.created_at);
