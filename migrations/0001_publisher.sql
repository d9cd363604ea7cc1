-- Nobody reads or writes what is not granted below or in a later step.
revoke all on schema public from public;
grant usage on schema public to :site, :worker, :desk;

create table files (
  hash bytea primary key check (octet_length(hash) = 32),
  media_type text not null,
  bytes bytea not null,
  created_at timestamptz not null default now()
);

create table images (
  id uuid primary key,
  credit text not null check (credit <> ''),
  demo boolean not null default false,
  created_at timestamptz not null default now()
);

create table image_files (
  image_id uuid not null references images on delete cascade,
  width int not null,
  height int not null,
  media_type text not null,
  hash bytea not null references files,
  primary key (image_id, media_type, width)
);

create table publisher (
  id smallint primary key default 1 check (id = 1),
  default_language text not null,
  languages text[] not null check (default_language = any (languages)),
  zone text not null,
  country text check (country ~ '^[A-Z]{2}$'),
  accent text not null check (accent ~ '^#[0-9a-f]{6}$'),
  logo bytea references files,
  email text,
  phone text,
  postal_address text,
  donate_url text,
  mail_from text,
  demo boolean not null default false
);

create table publisher_texts (
  language text primary key,
  name text not null check (name <> ''),
  responsible text not null,
  about text not null default '',
  privacy_policy text not null
);

create table follow_links (
  position int primary key,
  label text not null,
  url text not null
);

-- Sending is armed for one origin and one installation: a restored copy has another install id and stays quiet.
create table going_live (
  id smallint primary key default 1 check (id = 1),
  origin text not null,
  install_id text not null,
  went_live_at timestamptz not null,
  staff_id uuid not null
);

-- Things done once or now and then that somebody is reminded of: set-up, recovery sheet, backup.
create table milestones (
  name text primary key,
  reached_at timestamptz not null,
  staff_id uuid
);

grant select on publisher, publisher_texts, follow_links to :site, :worker, :desk;
grant select (id, origin) on going_live to :site;
grant select on going_live to :worker, :desk;
grant insert, update, delete on publisher, publisher_texts, follow_links, going_live to :desk;
grant select, insert, update on milestones to :desk, :worker;
grant select on files, images, image_files to :worker, :desk;
grant insert on files to :worker, :desk;
grant insert, update, delete on images, image_files to :desk;
grant select on images, image_files to :site;
