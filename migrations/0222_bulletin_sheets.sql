-- The bulletin of a place or topic as PDF, made ahead, and public exactly as long as all that it shows is.
create table bulletin_sheets (
  subject_id uuid not null references subjects on delete cascade,
  language text not null,
  -- The versions of items and records that it shows.
  revisions uuid[] not null,
  records uuid[] not null,
  made_of text not null,
  looked_at timestamptz not null,
  pdf bytea not null,
  primary key (subject_id, language)
);
alter table bulletin_sheets alter column pdf set storage external;

create view public_bulletin_sheets as
select sheet.subject_id, sheet.language, sheet.pdf from bulletin_sheets sheet
where exists (select from public_subjects where public_subjects.id = sheet.subject_id)
  and not exists (select from unnest(sheet.revisions) as used (id) where not exists (select from public_item_words shown where shown.revision_id = used.id))
  and not exists (select from unnest(sheet.records) as used (id) where not exists (select from public_records shown where shown.revision_id = used.id));

grant select on public_bulletin_sheets to :site, :worker, :desk;
grant select, insert, update, delete on bulletin_sheets to :worker;
