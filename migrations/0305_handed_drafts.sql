-- What somebody had typed and not saved goes to whoever takes over, beside what those have typed at the same text themselves.
alter table item_drafts drop constraint item_drafts_pkey, add column id uuid not null default gen_random_uuid() primary key, add column typed_by uuid references staff;
create unique index item_drafts_own on item_drafts (item_id, language, staff_id) where typed_by is null;
create index item_drafts_handed on item_drafts (item_id, language, staff_id) where typed_by is not null;
alter table record_drafts drop constraint record_drafts_pkey, add column id uuid not null default gen_random_uuid() primary key, add column typed_by uuid references staff;
create unique index record_drafts_own on record_drafts (form, staff_id) where typed_by is null;
create index record_drafts_handed on record_drafts (form, staff_id) where typed_by is not null;
