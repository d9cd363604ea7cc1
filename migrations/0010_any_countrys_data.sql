-- How a file is read, made once in the desk and chosen again. Those that come with the program are files of its own.
create table mappings (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9-]*$'),
  kind text not null check (kind in ('targets', 'lookup')),
  mapping jsonb not null,
  saved_at timestamptz not null
);

-- Which files a body or a scheme was loaded from: an older one than the newest is recognised by its day, or by its bytes.
create table loaded_files (
  subject text not null,
  digest text not null,
  as_of date not null,
  loaded_at timestamptz not null,
  primary key (subject, digest)
);

-- A file that is read in pieces.
alter table imports alter column file set storage external;
-- Staff said: new boundaries begin with this file, what it does not have ends; or, this file is right although a newer one was loaded.
alter table imports add column new_boundaries boolean not null default false;
alter table imports add column even_if_older boolean not null default false;

alter table officials add column other_names text[] not null default '{}';
-- When the source expects a term to end that goes on until somebody says otherwise.
alter table terms add column expected_until date;
-- The mapping whose file brought it; null where somebody typed it.
alter table contact_details add column mapping text;

-- An address that a mail server refused for good, and how often; one line a day.
create table contact_refusals (
  contact_id uuid not null references contact_details on delete cascade,
  refused_on date not null,
  code int not null,
  times int not null default 1 check (times > 0),
  -- When somebody looked and found the address right all the same.
  looked_on date,
  primary key (contact_id, refused_on, code)
);

-- A code that lay in an area twice, with another between, has two rows.
alter table lookup_codes drop constraint lookup_codes_pkey;
drop index lookup_codes_area;
create unique index lookup_codes_code on lookup_codes (scheme_id, code, area_id, valid_from) nulls not distinct;

-- Checked once a statement. Once a row, as a foreign key does, two million codes take 25 seconds longer (measured).
alter table lookup_codes drop constraint lookup_codes_scheme_id_fkey, drop constraint lookup_codes_area_id_fkey;

create function codes_have_areas() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare named_areas text[]; named_schemes text[];
begin
  select array_agg(distinct area_id), array_agg(distinct scheme_id) into named_areas, named_schemes from (select distinct scheme_id, area_id from changed) named;
  perform from areas where id = any (named_areas) for key share;
  perform from lookup_schemes where id = any (named_schemes) for key share;
  if exists (select from unnest(named_areas) named (id) where not exists (select from areas where areas.id = named.id))
    or exists (select from unnest(named_schemes) named (id) where not exists (select from lookup_schemes where lookup_schemes.id = named.id)) then
    raise foreign_key_violation using message = 'a code without its area or its scheme';
  end if;
  return null;
end $$;
-- The arguments name the tables that must be there first: a backup is loaded in that order.
create trigger codes_added after insert on lookup_codes referencing new table as changed for each statement execute function codes_have_areas('areas', 'lookup_schemes');
create trigger codes_changed after update on lookup_codes referencing new table as changed for each statement execute function codes_have_areas('areas', 'lookup_schemes');

create function areas_keep_codes() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from lookup_codes join gone on gone.id = lookup_codes.area_id) then
    raise foreign_key_violation using message = 'an area that codes lie in';
  end if;
  return null;
end $$;
create trigger areas_removed after delete on areas referencing old table as gone for each statement execute function areas_keep_codes();

create function codes_go_with_scheme() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  delete from lookup_codes using gone where scheme_id = gone.id;
  return null;
end $$;
create trigger schemes_removed after delete on lookup_schemes referencing old table as gone for each statement execute function codes_go_with_scheme();

revoke all on function codes_have_areas, areas_keep_codes, codes_go_with_scheme from public;

grant select, insert, update, delete on mappings, loaded_files, contact_refusals to :desk;
grant select, insert, update, delete on loaded_files, contact_refusals to :worker;
grant select on mappings to :worker;
