-- Pictures are records too: what texts show by their handle.
alter table records drop constraint records_kind_check;
alter table records add constraint records_kind_check check (kind in ('figure', 'quote', 'demand', 'notice', 'text', 'measure', 'proceeding', 'elsewhere', 'image'));

-- The files of a picture, so that they are public exactly as long as a version that shows them is.
alter table record_revisions add column image_id uuid generated always as ((content ->> 'imageId')::uuid) stored references images;
create index record_revisions_image on record_revisions (image_id) where image_id is not null;
create index image_files_hash on image_files (hash);

-- A picture may be public until a day only, because somebody's consent ends: no pointer to it holds longer than that.
alter table record_publications add column ends_at timestamptz;

-- The files of items, so that they are public exactly as long as a version that offers them is.
create table revision_files (
  revision_id uuid not null references item_revisions on delete cascade,
  hash bytea not null references files,
  primary key (revision_id, hash)
);
create index revision_files_hash on revision_files (hash);
grant select, insert on revision_files to :worker, :desk;

create or replace view public_files as
select hash, media_type, bytes from files
where exists (select from publisher where logo = files.hash)
  or exists (select from image_files join public_actions on public_actions.image_id = image_files.image_id where image_files.hash = files.hash)
  or exists (select from public_sheets where public_sheets.hash = files.hash)
  or exists (
    select from image_files join record_revisions revision on revision.image_id = image_files.image_id join public_records on public_records.revision_id = revision.id
    where image_files.hash = files.hash)
  or exists (select from revision_files join public_item_words shown on shown.revision_id = revision_files.revision_id where revision_files.hash = files.hash);
