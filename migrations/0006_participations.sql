-- What the public server accepted and nobody has dealt with yet. A batch is one commit, and one shard.
create table intake_batches (
  batch_id uuid primary key,
  entries int not null,
  received_at timestamptz not null,
  claimed_by uuid,
  claimed_at timestamptz,
  settled_at timestamptz
);
create index intake_batches_waiting on intake_batches (received_at) where settled_at is null;

create table intake (
  batch_id uuid not null,
  position int not null,
  contact bytea not null,
  record bytea,
  primary key (batch_id, position)
) with (toast_tuple_target = 8160);
-- What is sealed cannot be made smaller, and a message that is on its way for a second need not go into a table of its own.
alter table intake alter column contact set storage external, alter column record set storage external;

-- Entries that the worker could not make sense of: kept sealed as they came, because what was acknowledged is not thrown away.
create table intake_refused (
  batch_id uuid not null,
  position int not null,
  contact bytea not null,
  record bytea,
  reason text not null,
  refused_at timestamptz not null,
  primary key (batch_id, position)
);

-- One person taking one action. An attempt that is not confirmed carries its own claims and changes nobody.
create table participations (
  person_id uuid not null,
  id uuid not null,
  action_id uuid not null references actions,
  ask_id uuid references asks,
  language text not null,
  country text,
  area_id text,
  source text,
  state text not null check (state in ('waiting', 'held', 'confirmed', 'repeated', 'withdrawn', 'refused')),
  held_reason text check (held_reason in ('link-in-name', 'staff')),
  rehearsal_id uuid,
  taken_at timestamptz(0) not null,
  confirmed_at timestamptz(0),
  ended_at timestamptz(0),
  reminded_at timestamptz(0),
  counted boolean not null default false,
  -- Taken while no mail left this machine: nobody has proved that the address is theirs. Going live removes these.
  practice boolean not null,
  -- Recognises a double click: hash of the form's random key and of what was in the form.
  form_hash bytea not null,
  cookie_hash bytea,
  code_hash bytea,
  answers jsonb not null default '[]',
  details bytea,
  record bytea,
  primary key (person_id, id),
  unique (person_id, form_hash),
  check ((state = 'held') = (held_reason is not null) or state in ('refused', 'withdrawn'))
);
create unique index participations_once on participations (person_id, action_id) where state = 'confirmed' and rehearsal_id is null;
create index participations_uncounted on participations (action_id) where counted is distinct from (state = 'confirmed' and rehearsal_id is null);
create index participations_of_action on participations (action_id, taken_at desc);
create index participations_practice on participations (action_id) where practice;
create index participations_open on participations (taken_at) where state in ('waiting', 'held');

-- From the token in a mail's link to the participation it is about. The token itself is only in the mail.
create table links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  person_id uuid not null,
  participation_id uuid not null,
  created_at timestamptz not null
);
create index links_participation on links (participation_id);

-- How often a browser has typed a code; five times at most.
create table code_tries (
  cookie_hash bytea primary key,
  tries int not null,
  first_try_at timestamptz not null
);

-- From a browser to what it may confirm by code.
create index participations_by_browser on participations (cookie_hash) where state = 'waiting';

-- After an erasure: enough to know that somebody has signed this action already, and nothing else. The salt dies some days after the action.
create table duplicate_salts (
  action_id uuid primary key references actions on delete cascade,
  salt bytea not null
);
create table erased_duplicates (
  action_id uuid not null references actions on delete cascade,
  hash bytea not null,
  primary key (action_id, hash)
);

-- The tick of the count is the only writer of what follows.
create table count_ticks (
  id bigint generated always as identity primary key,
  ticked_at timestamptz not null
);
create table count_entries (
  tick_id bigint not null,
  position int not null,
  action_id uuid not null,
  change smallint not null check (change in (1, -1)),
  primary key (tick_id, position)
);
create table tallies (
  action_id uuid not null references actions on delete cascade,
  dimension text not null check (dimension in ('all', 'country', 'area', 'day', 'source', 'language')),
  value text not null,
  total bigint not null,
  primary key (action_id, dimension, value)
);
create table recounts (
  id uuid primary key,
  counted_at timestamptz not null,
  action_id uuid not null references actions on delete cascade,
  was bigint not null,
  is_now bigint not null
);

-- What confirmed supporters asked to be published, once staff have looked at it.
create table public_names (
  person_id uuid not null,
  participation_id uuid not null,
  action_id uuid not null references actions,
  shown_name text not null,
  comment text not null default '',
  state text not null check (state in ('waiting', 'shown', 'hidden')),
  asked_at timestamptz not null,
  primary key (person_id, participation_id)
);
create index public_names_of_action on public_names (action_id, state, asked_at desc);

create view public_tallies as
select tallies.action_id, tallies.dimension, tallies.value, tallies.total
from tallies join public_actions on public_actions.id = tallies.action_id
where tallies.dimension = 'all' or (tallies.dimension in ('country', 'area') and tallies.total >= 10);

create view public_shown_names as
select public_names.action_id, public_names.shown_name, public_names.comment, public_names.asked_at
from public_names join public_actions on public_actions.id = public_names.action_id
where public_names.state = 'shown';

-- What a link in a mail is about, for a page that has the token and perhaps the cookie of the browser that signed.
create function link_status(of_token bytea, of_cookie bytea)
returns table (slug text, kind text, language text, state text, same_browser boolean, rehearsing boolean, confirmed_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = public as $$
  select actions.slug, actions.kind, participations.language, participations.state,
    coalesce(participations.cookie_hash = of_cookie, false), participations.rehearsal_id is not null, participations.confirmed_at, participations.ended_at
  from links
  join participations on participations.person_id = links.person_id and participations.id = links.participation_id
  join actions on actions.id = participations.action_id
  where links.token_hash = of_token
$$;

revoke all on function link_status from public;
grant execute on function link_status to :site;

grant insert on intake_batches, intake to :site;
grant select (batch_id) on intake_batches to :site;
grant select on public_tallies, public_shown_names to :site, :desk, :worker;
grant select, update, delete on intake_batches to :worker;
grant select, delete on intake to :worker;
grant select, insert, delete on intake_refused to :worker;
grant select (batch_id, position, reason, refused_at) on intake_refused to :desk;
grant select, insert, update, delete on participations, links, code_tries, duplicate_salts, erased_duplicates, public_names, tallies to :worker;
grant select, insert on count_ticks, recounts to :worker;
grant select, insert, delete on count_entries to :worker;
-- Going live removes the sample country.
grant delete on actions, action_publications, action_revisions, images to :worker;
grant usage on sequence count_ticks_id_seq to :worker;
grant select (person_id, id, action_id, ask_id, language, country, area_id, source, state, held_reason, rehearsal_id, taken_at, confirmed_at, ended_at, counted, practice) on participations to :desk;
grant update (state, held_reason) on participations to :desk;
grant select on intake_batches, tallies, count_ticks, recounts, public_names to :desk;
grant update (state) on public_names to :desk;
