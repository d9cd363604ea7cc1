-- What pages and items are about: places and topics.
create table subjects (
  id uuid primary key,
  kind text not null check (kind in ('place', 'topic')),
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  code text not null check (code ~ '^[A-Z0-9]{2,6}$'),
  parent_id uuid references subjects,
  demo boolean not null default false,
  created_at timestamptz not null,
  unique (kind, slug),
  unique (kind, code)
);

-- All that a subject is called. The publisher chooses which name of a language is shown; the others are only found.
create table subject_names (
  subject_id uuid not null references subjects on delete cascade,
  language text not null,
  name text not null check (name <> '' and length(name) <= 200),
  shown boolean not null,
  primary key (subject_id, language, name)
);
create unique index subject_names_shown on subject_names (subject_id, language) where shown;

create table subject_former_slugs (
  kind text not null,
  slug text not null,
  subject_id uuid not null references subjects on delete cascade,
  since timestamptz not null,
  primary key (kind, slug)
);

-- Anything published. What it says is in its revisions; a thread of the digest is an item too.
create table items (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  kind text not null check (kind in ('about', 'news', 'urgent-action', 'press-release', 'report', 'blog-post', 'questions-and-answers', 'letter', 'joint-statement', 'explainer', 'education', 'course', 'event', 'page')),
  thread boolean not null default false,
  -- An 'about' item is what the page of this subject says of itself.
  subject_id uuid unique references subjects,
  pinned boolean not null default false,
  checked_on date,
  review_by date,
  archived_at timestamptz,
  demo boolean not null default false,
  created_at timestamptz not null,
  check ((kind = 'about') = (subject_id is not null)),
  check (not (thread and kind = 'about'))
);

create table item_subjects (
  item_id uuid not null references items on delete cascade,
  subject_id uuid not null references subjects on delete cascade,
  primary key (item_id, subject_id)
);
create index item_subjects_of on item_subjects (subject_id, item_id);

create table item_former_slugs (
  slug text primary key,
  item_id uuid not null references items on delete cascade,
  since timestamptz not null
);

-- Append only: a saved version of an item's words in one language.
create table item_revisions (
  id uuid primary key,
  item_id uuid not null references items on delete cascade,
  language text not null,
  words jsonb not null,
  -- The version of the other language that this one translates.
  source_id uuid references item_revisions on delete cascade,
  created_at timestamptz not null,
  staff_id uuid
);
create index item_revisions_newest on item_revisions (item_id, language, created_at desc);
create index item_revisions_source on item_revisions (source_id) where source_id is not null;

-- What is public: from a moment on, until the next pointer, this revision; a pointer to none withdraws the language. A later moment is a schedule.
create table item_publications (
  item_id uuid not null references items on delete cascade,
  language text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  revision_id uuid references item_revisions,
  -- The day that it stands under in lists.
  dated date,
  -- Whether readers see it as updated from here on: news does that, a mended typing error does not.
  moves boolean not null,
  staff_id uuid,
  made_at timestamptz not null,
  cancelled_at timestamptz,
  primary key (item_id, language, from_at),
  check (cancelled_at is null or cancelled_at < from_at),
  check (until_at is null or until_at > from_at),
  check ((revision_id is null) = (dated is null))
);
create index item_publications_revision on item_publications (revision_id);

-- Where a revision stands with the people who check it.
create table item_checks (
  id uuid primary key,
  item_id uuid not null references items on delete cascade,
  language text not null,
  revision_id uuid not null references item_revisions on delete cascade,
  verdict text not null check (verdict in ('asked', 'approved', 'returned')),
  note text not null default '',
  staff_id uuid,
  happened_at timestamptz not null
);
create index item_checks_revision on item_checks (revision_id, happened_at desc);

-- What was wrong and what is right: shown with the item for as long as it is public.
create table item_corrections (
  id uuid primary key,
  item_id uuid not null references items on delete cascade,
  language text not null,
  revision_id uuid not null references item_revisions on delete cascade,
  corrected_at timestamptz not null,
  staff_id uuid
);
create index item_corrections_item on item_corrections (item_id, corrected_at desc);
create table item_correction_words (
  correction_id uuid not null references item_corrections on delete cascade,
  language text not null,
  wrong text not null,
  correct text not null,
  primary key (correction_id, language)
);

-- What somebody has typed and not saved yet, so that a closed lid loses nothing.
create table item_drafts (
  item_id uuid not null references items on delete cascade,
  language text not null,
  staff_id uuid not null references staff on delete cascade,
  base_id uuid references item_revisions on delete cascade,
  typed jsonb not null,
  saved_at timestamptz not null,
  primary key (item_id, language, staff_id)
);

-- Things that texts refer to instead of repeating them. One revision holds all languages.
create table records (
  id uuid primary key,
  kind text not null check (kind in ('figure', 'quote', 'demand', 'notice', 'text')),
  handle text not null unique check (handle ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(handle) <= 60),
  demo boolean not null default false,
  created_at timestamptz not null
);
create table record_subjects (
  record_id uuid not null references records on delete cascade,
  subject_id uuid not null references subjects on delete cascade,
  primary key (record_id, subject_id)
);
create index record_subjects_of on record_subjects (subject_id, record_id);
create table record_revisions (
  id uuid primary key,
  record_id uuid not null references records on delete cascade,
  content jsonb not null,
  created_at timestamptz not null,
  staff_id uuid
);
create index record_revisions_newest on record_revisions (record_id, created_at desc);
create table record_publications (
  record_id uuid not null references records on delete cascade,
  from_at timestamptz not null,
  until_at timestamptz,
  revision_id uuid references record_revisions,
  staff_id uuid,
  primary key (record_id, from_at),
  check (until_at is null or until_at > from_at)
);
-- Which revision uses which record.
create table item_uses (
  revision_id uuid not null references item_revisions on delete cascade,
  record_id uuid not null references records on delete cascade,
  primary key (revision_id, record_id)
);
create index item_uses_record on item_uses (record_id);

-- Which actions a place's or topic's page leads to.
create table subject_actions (
  subject_id uuid not null references subjects on delete cascade,
  action_id uuid not null references actions on delete cascade,
  primary key (subject_id, action_id)
);
create index subject_actions_action on subject_actions (action_id);

create view public_item_words as
select pointer.item_id, pointer.language, pointer.revision_id, pointer.from_at, pointer.dated, revision.words, revision.source_id, revision.created_at as saved_at
from item_publications pointer join item_revisions revision on revision.id = pointer.revision_id
where pointer.cancelled_at is null and pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now());

create view public_items as
select items.id, items.slug, items.kind, items.thread, items.subject_id, items.pinned, items.checked_on, items.archived_at, items.demo,
  shown.dated, shown.languages, moments.published_at, moments.updated_at
from items
cross join lateral (
  select max(pointer.dated) as dated, array_agg(pointer.language order by pointer.language) as languages
  from item_publications pointer
  where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now())
) shown
cross join lateral (
  select min(pointer.from_at) as published_at, max(pointer.from_at) filter (where pointer.moves) as updated_at
  from item_publications pointer
  where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= now()
) moments
where shown.languages is not null;

-- A place or topic is public with the text of its page, and not before.
create view public_subjects as
select subjects.id, subjects.kind, subjects.slug, subjects.code, subjects.parent_id, items.id as item_id
from subjects join items on items.subject_id = subjects.id
where exists (select from public_item_words where item_id = items.id);

create view public_subject_names as
select subject_names.subject_id, subject_names.language, subject_names.name, subject_names.shown
from subject_names join public_subjects on public_subjects.id = subject_names.subject_id;

create view public_item_subjects as
select item_subjects.item_id, item_subjects.subject_id
from item_subjects join public_subjects on public_subjects.id = item_subjects.subject_id
where exists (select from public_item_words where public_item_words.item_id = item_subjects.item_id);

create view public_corrections as
select correction.id, correction.item_id, correction.language as made_in, correction.corrected_at, revision.created_at as corrected_saved_at, said.language, said.wrong, said.correct
from item_corrections correction
join item_revisions revision on revision.id = correction.revision_id
join item_correction_words said on said.correction_id = correction.id
where correction.corrected_at <= now() and exists (select from public_item_words where public_item_words.item_id = correction.item_id and public_item_words.language = correction.language);

-- How far the words that are public follow those that they translate: which version, not what it says.
create view public_sources as
select distinct revision.id as revision_id, revision.language, revision.created_at as saved_at
from public_item_words shown join item_revisions revision on revision.id = shown.source_id;

create view public_records as
select records.id, records.kind, records.handle, revision.id as revision_id, revision.content, pointer.from_at
from records join record_publications pointer on pointer.record_id = records.id join record_revisions revision on revision.id = pointer.revision_id
where pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now());

create view public_record_subjects as
select record_subjects.record_id, record_subjects.subject_id
from record_subjects join public_subjects on public_subjects.id = record_subjects.subject_id
where exists (select from public_records where public_records.id = record_subjects.record_id);

create view public_former_slugs as
select former.kind, former.slug, public_subjects.slug as now_slug
from subject_former_slugs former join public_subjects on public_subjects.id = former.subject_id
union all
select 'item', former.slug, public_items.slug
from item_former_slugs former join public_items on public_items.id = former.item_id;

create view public_subject_actions as
select subject_actions.subject_id, subject_actions.action_id
from subject_actions join public_subjects on public_subjects.id = subject_actions.subject_id join public_actions on public_actions.id = subject_actions.action_id;

grant select on public_item_words, public_items, public_subjects, public_subject_names, public_item_subjects, public_corrections, public_records, public_record_subjects, public_former_slugs,
  public_sources, public_subject_actions to :site, :worker, :desk;
grant select on subjects, subject_names, subject_former_slugs, items, item_subjects, item_former_slugs, item_revisions, item_publications, item_corrections, item_correction_words, item_checks,
  records, record_subjects, record_revisions, record_publications, item_uses, subject_actions to :worker, :desk;
grant insert on item_revisions, item_publications, item_checks, item_corrections, item_correction_words, record_revisions, record_publications, item_uses to :desk;
grant update (until_at, cancelled_at) on item_publications to :desk;
grant update (until_at) on record_publications to :desk;
grant insert, update on subjects, items, records to :desk;
grant insert, update, delete on subject_names, subject_former_slugs, item_subjects, item_former_slugs, record_subjects, subject_actions to :desk;
grant select, insert, update, delete on item_drafts to :desk;
-- The sample country goes with its items.
grant delete on subjects, items, item_revisions, item_publications, records, record_revisions, record_publications to :worker;
