create table actions (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  kind text not null check (kind in ('petition', 'message')),
  state text not null check (state in ('draft', 'open', 'suspended', 'closed')),
  opens_at timestamptz,
  closes_at timestamptz,
  zone text not null,
  options jsonb not null,
  scheme_id text references lookup_schemes,
  image_id uuid references images,
  next_action_id uuid references actions on delete set null,
  share_channels text[] not null,
  demo boolean not null default false,
  created_at timestamptz not null,
  check (closes_at is null or opens_at is null or closes_at > opens_at)
);

-- Every stop, reopening and closing, with its reason: the state column sums these up.
create table action_events (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  happened_at timestamptz not null,
  staff_id uuid,
  from_state text not null,
  to_state text not null,
  reason text not null default '',
  outcome text check (outcome in ('won', 'partly-won', 'lost', 'delivered', 'overtaken', 'ended'))
);
create index action_events_action on action_events (action_id, happened_at desc);

-- What is asked, in one language. It has a number from its first signature on, and cannot change from then on.
create table asks (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  language text not null,
  number int,
  ask text not null,
  created_at timestamptz not null,
  first_signed_at timestamptz,
  unique (action_id, language, number),
  check ((number is null) = (first_signed_at is null))
);

create function keep_signed_ask() returns trigger language plpgsql as $$
begin
  if (new.ask, new.number, new.language, new.action_id) is distinct from (old.ask, old.number, old.language, old.action_id)
    and old.number is not null and exists (select from participations where ask_id = old.id) then
    raise exception 'an ask that people signed cannot change';
  end if;
  return new;
end $$;
create trigger keep_signed_ask before update on asks for each row execute function keep_signed_ask();

-- Append only: a saved version of an action's words in one language.
create table action_revisions (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  language text not null,
  words jsonb not null,
  ask_id uuid references asks,
  created_at timestamptz not null,
  staff_id uuid
);
create index action_revisions_newest on action_revisions (action_id, language, created_at desc);

-- What is public: from a moment on, this revision; a later row replaces it, a row without a revision withdraws the language.
create table action_publications (
  action_id uuid not null references actions on delete cascade,
  language text not null,
  from_at timestamptz not null,
  revision_id uuid references action_revisions,
  staff_id uuid,
  primary key (action_id, language, from_at)
);

create table action_targets (
  action_id uuid not null references actions on delete cascade,
  position int not null,
  -- The supporter's own representatives in a body, or one named office.
  body_id text references bodies,
  office_id text references offices,
  primary key (action_id, position),
  check ((body_id is null) <> (office_id is null))
);

create table action_statements (
  action_id uuid not null references actions on delete cascade,
  position int not null,
  statement_id uuid not null references consent_statements,
  primary key (action_id, position),
  unique (action_id, statement_id)
);

-- A private link to an action as it stands, published or not, whose messages and mails all go to one staff member.
create table rehearsals (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  staff_id uuid not null references staff,
  token_hash bytea not null unique,
  expires_at timestamptz not null
);

-- Printable sheets, made ahead by the worker.
create table action_sheets (
  action_id uuid not null references actions on delete cascade,
  language text not null,
  revision_id uuid not null references action_revisions,
  ask_number int,
  hash bytea not null references files,
  primary key (action_id, language)
);

-- The rehearsal that this transaction was opened with, if it is for this action.
create function rehearsing(of_action uuid) returns boolean language sql stable security definer set search_path = public as $$
  select exists (
    select from rehearsals
    where action_id = of_action and expires_at > now()
      and token_hash = decode(nullif(current_setting('clarion.rehearsal', true), ''), 'hex'))
$$;

create view public_actions as
select id, slug, kind, state, opens_at, closes_at, zone, options, scheme_id, image_id, next_action_id, share_channels, demo, created_at,
  rehearsing(id) as rehearsing
from actions
where state <> 'draft' or rehearsing(id);

-- The newest published words in each language; in a rehearsal the newest saved ones.
create view public_action_words as
select distinct on (revision.action_id, revision.language)
  revision.action_id, revision.language, revision.id as revision_id, revision.words, revision.ask_id, asks.ask, asks.number as ask_number, pointer.from_at
from (
  select distinct on (action_id, language) action_id, language, revision_id, from_at
  from action_publications where from_at <= now()
  order by action_id, language, from_at desc
) pointer
join action_revisions revision on revision.id = pointer.revision_id
left join asks on asks.id = revision.ask_id
where not rehearsing(revision.action_id)
union all
select distinct on (revision.action_id, revision.language)
  revision.action_id, revision.language, revision.id, revision.words, revision.ask_id, asks.ask, asks.number, revision.created_at
from (select action_id, id, language, words, ask_id, created_at from action_revisions
  where action_id = (select action_id from rehearsals where expires_at > now() and token_hash = decode(nullif(current_setting('clarion.rehearsal', true), ''), 'hex'))
  order by action_id, language, created_at desc) revision
left join asks on asks.id = revision.ask_id;

create view public_asks as
select asks.id, asks.action_id, asks.language, asks.number, asks.ask, asks.first_signed_at
from asks join public_actions on public_actions.id = asks.action_id
where asks.number is not null;

create view public_stops as
select distinct on (action_id) action_id, happened_at, to_state, reason, outcome
from action_events where to_state in ('suspended', 'closed')
order by action_id, happened_at desc;

create view public_action_targets as
select action_targets.* from action_targets join public_actions on public_actions.id = action_targets.action_id;

create view public_statements as
select action_statements.action_id, action_statements.position, statement.id as statement_id, statement.purpose, statement.channel,
  statement.controller_id, controller.publisher as of_publisher, controller.names as controller_names, controller.privacy_url,
  wording.id as wording_id, wording.language, wording.version, wording.wording
from action_statements
join public_actions on public_actions.id = action_statements.action_id
join consent_statements statement on statement.id = action_statements.statement_id
join controllers controller on controller.id = statement.controller_id
join consent_wordings wording on wording.statement_id = statement.id
where statement.retired_at is null;

create view public_sheets as
select action_sheets.action_id, action_sheets.language, action_sheets.hash
from action_sheets join public_actions on public_actions.id = action_sheets.action_id;

-- The only files that the public server can read: those that something public shows.
create view public_files as
select hash, media_type, bytes from files
where exists (select from publisher where logo = files.hash)
  or exists (select from image_files join public_actions on public_actions.image_id = image_files.image_id where image_files.hash = files.hash)
  or exists (select from public_sheets where public_sheets.hash = files.hash);

grant select on public_actions, public_action_words, public_asks, public_stops, public_action_targets, public_statements, public_sheets, public_files to :site, :worker, :desk;
grant select on actions, action_events, asks, action_revisions, action_publications, action_targets, action_statements, rehearsals, action_sheets to :worker, :desk;
grant insert, update on actions to :desk;
grant insert on action_events, asks, action_revisions, action_publications to :desk;
grant insert, update, delete on action_targets, action_statements, rehearsals to :desk;
grant update (number, first_signed_at) on asks to :worker;
grant insert, update, delete on action_sheets to :worker;
