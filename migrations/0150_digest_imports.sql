-- One run of bringing a page over that was kept elsewhere: from its file to its entries, and back again.
create table digest_imports (
  id uuid primary key,
  file_name text not null check (length(file_name) <= 200),
  -- Kept until its entries are made or it is thrown away.
  file bytea,
  language text not null,
  date_order text check (date_order in ('dmy', 'mdy', 'ymd')),
  subject_id uuid references subjects on delete set null,
  state text not null check (state in ('waiting', 'read', 'running', 'done', 'failed', 'undoing', 'undone')),
  fault text check (fault in ('too-large', 'not-gzip', 'no-pages', 'entities', 'no-columns', 'not-xml', 'failed')),
  -- What was read: threads and findings.
  report jsonb,
  -- What somebody chose, by the place of a thread: its date, or to leave it out.
  choices jsonb not null default '{}',
  tally jsonb not null default '{}',
  staff_id uuid,
  made_at timestamptz not null,
  ended_at timestamptz
);
create index digest_imports_made on digest_imports (made_at desc);

-- Which item was made from which entry of a source, so that the same import twice changes nothing.
create table imported_items (
  source_key text primary key,
  item_id uuid not null references items on delete cascade,
  language text not null,
  -- Of the entry as it stands in its source.
  hash text not null,
  import_id uuid not null references digest_imports,
  -- The version that the import saved, and the one that was there before it, if there was one.
  revision_id uuid not null,
  before_id uuid
);
create index imported_items_import on imported_items (import_id);
create index imported_items_item on imported_items (item_id);

-- Where a page was before: whoever comes by an old address is led to the new one.
create table old_addresses (
  path text primary key check (path like '/%' and length(path) <= 2000),
  item_id uuid not null references items on delete cascade,
  import_id uuid not null references digest_imports
);
create index old_addresses_item on old_addresses (item_id);
create index old_addresses_import on old_addresses (import_id);

create view public_old_addresses as
select old_addresses.path, public_items.slug from old_addresses join public_items on public_items.id = old_addresses.item_id;

grant select on public_old_addresses to :site, :worker, :desk;
grant select, insert, update on digest_imports to :desk;
grant delete on digest_imports to :desk;
grant select, update, delete on digest_imports to :worker;
grant select, insert, update, delete on imported_items, old_addresses to :worker;
grant select on imported_items, old_addresses to :desk;
-- The worker makes the entries of an import, as drafts, and takes them back.
grant insert on items, item_subjects, item_revisions to :worker;
select pgboss.create_queue('digests.work', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 3600, "deadLetter": "dead", "notify": true}');
