-- What stands beside an item and not in its text: other items, each for a reason that reads both ways, and chronologies.
create table item_relations (
  item_id uuid not null references items on delete cascade,
  other_id uuid not null references items on delete cascade,
  -- What the other one is to this one.
  relation text not null check (relation in ('background', 'evidence', 'update-of', 'response-to', 'translation-of', 'see-also')),
  staff_id uuid,
  made_at timestamptz not null,
  primary key (item_id, other_id),
  check (item_id <> other_id)
);
create index item_relations_other on item_relations (other_id);
create table item_chronologies (
  item_id uuid not null references items on delete cascade,
  record_id uuid not null references records on delete cascade,
  staff_id uuid,
  made_at timestamptz not null,
  primary key (item_id, record_id)
);
create index item_chronologies_record on item_chronologies (record_id);
grant select on item_relations, item_chronologies to :worker;
grant select, insert, delete on item_relations, item_chronologies to :desk;

-- A chronology is a record: dated entries that lead to items and records, or say something with its source.
alter table records drop constraint records_kind_check;
alter table records add constraint records_kind_check check (kind in ('figure', 'quote', 'demand', 'notice', 'text', 'measure', 'proceeding', 'elsewhere', 'image', 'chronology'));
create index record_revisions_entries on record_revisions using gin ((content -> 'entries') jsonb_path_ops) where content ? 'entries';

-- Records are scheduled as items are: a pointer with a later moment, which can be taken back until then.
alter table record_publications add column cancelled_at timestamptz check (cancelled_at is null or cancelled_at < from_at);
grant update (cancelled_at) on record_publications to :desk;
create or replace view public_records as
select records.id, records.kind, records.handle, revision.id as revision_id, revision.content, pointer.from_at
from records join record_publications pointer on pointer.record_id = records.id join record_revisions revision on revision.id = pointer.revision_id
where pointer.cancelled_at is null and pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now())
  and (records.kind <> 'elsewhere' or not record_over(records.kind, revision.content, now()));

-- A relation is public while both of its ends are.
create view public_item_relations as
select item_id, other_id, relation from item_relations
where exists (select from public_item_words shown where shown.item_id = item_relations.item_id) and exists (select from public_item_words shown where shown.item_id = item_relations.other_id);
create view public_item_chronologies as
select item_chronologies.item_id, public_records.handle, public_records.content
from item_chronologies join public_records on public_records.id = item_chronologies.record_id
where exists (select from public_item_words shown where shown.item_id = item_chronologies.item_id);
grant select on public_item_relations, public_item_chronologies to :site, :worker, :desk;
