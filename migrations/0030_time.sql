-- When bodies sit, when offices are open, when messages may leave.

-- A body's clock, empty: the publisher's own. Candidates for seats of a body are offices in a body of their own, until election day has passed.
alter table bodies add column zone text, add column open_hours jsonb, add column candidates_for text references bodies on delete set null,
  add column election_on date, add check (candidates_for <> id);
create index bodies_candidates on bodies (candidates_for) where candidates_for is not null;

-- What differs from the body it belongs to.
alter table offices add column zone text, add column open_hours jsonb;

-- When a body does not sit. The day a state ends is the first day on which the body sits again; no end: nobody has said when.
create table body_states (
  id uuid primary key,
  body_id text not null references bodies on delete cascade,
  state text not null check (state in ('recess', 'dissolved')),
  since date not null,
  until date check (until > since),
  note text not null default '',
  -- One state at a time. A range of one hash stands for the body: comparing texts would need an extension that not every server has.
  exclude using gist (int8range(hashtextextended(body_id, 0), hashtextextended(body_id, 0), '[]') with &&, daterange(since, until) with &&)
);
create index body_states_body on body_states (body_id, since);

-- Days on which an office is closed that would be open: those of its body, and its own.
create table holidays (
  id uuid primary key,
  body_id text references bodies on delete cascade,
  office_id text references offices on delete cascade,
  day date not null,
  name text not null default '',
  check ((body_id is null) <> (office_id is null))
);
create unique index holidays_of_body on holidays (body_id, day) where body_id is not null;
create unique index holidays_of_office on holidays (office_id, day) where office_id is not null;

-- Messages of an action are kept until this moment; and what its page offers while a body does not sit.
alter table actions add column deliver_at timestamptz, add column instead_action_id uuid references actions on delete set null;

-- The officials whom a supporter had before them when they wrote. None: written to the office, whoever holds it.
alter table messages add column written_to text[] not null default '{}';
alter table messages drop constraint messages_waiting_for_check,
  add constraint messages_waiting_for_check check (waiting_for in ('address', 'holder', 'successor'));

-- Which of an action's messages do not leave for now: noted so that the sender does not look at each of them again, and so that staff can read why.
create table sending_waits (
  action_id uuid not null references actions on delete cascade,
  office_id text not null,
  reason text not null check (reason in ('body-state', 'office-hours')),
  -- When it ends, where that is known.
  until timestamptz,
  look_again_at timestamptz not null,
  primary key (action_id, office_id)
);

create view public_action_times as
select actions.id as action_id, actions.deliver_at, instead.slug as instead_slug
from actions join public_actions on public_actions.id = actions.id left join public_actions instead on instead.id = actions.instead_action_id;

grant select on body_states to :site, :worker, :desk;
grant select on holidays to :worker, :desk;
grant insert, update, delete on body_states, holidays to :desk;
grant select, insert, update, delete on sending_waits to :worker;
grant select on sending_waits to :desk;
grant select on public_action_times to :site, :worker, :desk;
grant update (state, waiting_for, written_to, due_at, ended_at, problem) on messages to :desk;
