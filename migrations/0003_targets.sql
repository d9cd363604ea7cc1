-- Popolo's model: offices (posts) in bodies (organisations), held for a time by officials (persons), each answering for an area.
create table bodies (
  id text primary key,
  name text not null check (name <> ''),
  names jsonb not null default '{}',
  country text,
  source text not null default '',
  demo boolean not null default false
);

create table areas (
  id text primary key,
  name text not null check (name <> ''),
  names jsonb not null default '{}',
  kind text not null default '',
  parent_id text references areas,
  valid_from date,
  valid_until date,
  source text not null default '',
  demo boolean not null default false
);
create index areas_parent on areas (parent_id);

create table offices (
  id text primary key,
  body_id text not null references bodies,
  label text not null check (label <> ''),
  labels jsonb not null default '{}',
  area_id text references areas,
  seats int not null default 1 check (seats > 0),
  -- How a message to this office begins, by language; {name} stands for its holder.
  salutations jsonb not null default '{}',
  valid_until date,
  source text not null default '',
  demo boolean not null default false
);
create index offices_area on offices (area_id);
create index offices_body on offices (body_id, label);

create table officials (
  id text primary key,
  name text not null check (name <> ''),
  names jsonb not null default '{}',
  formal_name text not null default '',
  party text not null default '',
  source text not null default '',
  demo boolean not null default false
);

-- Who held an office from when until when; the day it ends belongs to the next holder. No start: since before we knew.
create table terms (
  id uuid primary key,
  office_id text not null references offices on delete cascade,
  official_id text not null references officials on delete cascade,
  since date,
  until date,
  check (until is null or since is null or until >= since),
  unique nulls not distinct (office_id, official_id, since)
);
create unique index terms_current on terms (office_id, official_id) where until is null;
create index terms_official on terms (official_id);

create table contact_details (
  id uuid primary key,
  office_id text references offices on delete cascade,
  official_id text references officials on delete cascade,
  kind text not null check (kind in ('email', 'phone', 'address', 'url')),
  value text not null check (value <> ''),
  source text not null,
  checked_on date not null,
  ended_on date,
  check ((office_id is null) <> (official_id is null))
);
create unique index contact_details_of_office on contact_details (office_id, kind, value) where ended_on is null and office_id is not null;
create unique index contact_details_of_official on contact_details (official_id, kind, value) where ended_on is null and official_id is not null;

-- How codes of one kind are written. In a format A is a letter and 9 a digit; anything else stands for itself.
create table lookup_schemes (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]*$'),
  names jsonb not null default '{}',
  formats text[] not null,
  -- How a code is shown: this many characters from the end go behind a space; none if zero.
  tail int not null default 0,
  -- Well-formed codes that lie outside all areas begin with one of these.
  outside_prefixes text[] not null default '{}',
  example text not null default '',
  demo boolean not null default false
);

create table lookup_codes (
  scheme_id text not null references lookup_schemes on delete cascade,
  code text not null,
  area_id text not null references areas,
  share numeric check (share > 0 and share <= 1),
  valid_from date,
  valid_until date,
  primary key (scheme_id, code, area_id)
);
create index lookup_codes_area on lookup_codes (area_id);

-- Look-ups that found nothing, counted by what failed and by the first half of the code: never whole codes.
create table lookup_failures (
  id uuid primary key,
  happened_on date not null,
  scheme_id text not null,
  beginning text not null,
  result text not null check (result in ('ambiguous', 'unknown', 'malformed', 'outside', 'vacant', 'no-address')),
  times int not null check (times > 0)
);
create index lookup_failures_day on lookup_failures (happened_on desc);

create table imports (
  id uuid primary key,
  kind text not null check (kind in ('targets', 'lookup')),
  mapping jsonb not null,
  file_name text not null,
  file bytea,
  as_of date not null,
  dry_run boolean not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  rows_read int not null default 0,
  rows_total int,
  tally jsonb not null default '{}',
  fault text,
  staff_id uuid,
  created_at timestamptz not null,
  ended_at timestamptz
);

create table import_rows (
  import_id uuid not null references imports on delete cascade,
  row_number int not null,
  outcome text not null,
  label text not null,
  primary key (import_id, row_number, outcome, label)
);

grant select on bodies, areas, offices, officials, terms, contact_details, lookup_schemes, lookup_codes to :site, :worker, :desk;
grant insert, update, delete on bodies, areas, offices, officials, terms, contact_details, lookup_schemes, lookup_codes to :desk, :worker;
grant insert on lookup_failures to :site;
grant select, delete on lookup_failures to :worker;
grant select on lookup_failures to :desk;
grant select, insert, update, delete on imports, import_rows to :desk, :worker;
