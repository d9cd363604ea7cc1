-- What somebody has typed into the form of a record, picture or chronology and not saved yet, so that a closed lid loses nothing.
create table record_drafts (
  form text not null check (form ~ '^/(records|pictures|chronologies)/[a-z0-9/-]{3,60}$'),
  staff_id uuid not null references staff on delete cascade,
  typed jsonb not null,
  saved_at timestamptz not null,
  primary key (form, staff_id)
);
create index record_drafts_staff on record_drafts (staff_id);
grant select, insert, update, delete on record_drafts to :desk;
