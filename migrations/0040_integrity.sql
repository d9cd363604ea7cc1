-- How many sign-ups may come from where before a browser has to do a little work. One row; the site reads it again each second.
create table limits (
  id boolean primary key default true check (id),
  active boolean not null default true,
  minutes int not null default 10 check (minutes between 1 and 60),
  per_network int not null default 20 check (per_network between 1 and 60000),
  per_mailbox int not null default 10 check (per_mailbox between 1 and 60000),
  per_pattern int not null default 20 check (per_pattern between 1 and 60000),
  per_domain int not null default 300 check (per_domain between 1 and 60000),
  -- So many times a limit is far beyond it.
  far int not null default 20 check (far between 2 and 1000),
  wait_seconds int not null default 15 check (wait_seconds between 1 and 300),
  hold boolean not null default true,
  local_networks boolean not null default false
);
insert into limits default values;
grant select on limits to :site, :desk;
grant update on limits to :desk;

-- Two people who share a mailbox stand at two places of it. The indexes tell names, domains and shapes of addresses apart without holding them.
alter table participations
  add column place smallint not null default 0 check (place in (0, 1)),
  add column name_index bytea,
  add column domain_index bytea,
  add column pattern_index bytea,
  add column removal_id uuid,
  add column removed_from text check (removed_from in ('waiting', 'held', 'confirmed')),
  drop constraint participations_state_check,
  drop constraint participations_held_reason_check,
  drop constraint participations_check;
alter table participations
  add constraint participations_state_check check (state in ('waiting', 'held', 'confirmed', 'repeated', 'withdrawn', 'refused', 'removed')),
  add constraint participations_held_reason_check check (held_reason in ('link-in-name', 'staff', 'surge')),
  add constraint participations_held check ((state = 'held') = (held_reason is not null) or state in ('refused', 'withdrawn', 'removed')),
  add constraint participations_removed check ((state = 'removed') = (removed_from is not null));
create unique index participations_once_each on participations (person_id, action_id, place) where state = 'confirmed' and rehearsal_id is null;
drop index participations_once;
create index participations_removed_by on participations (removal_id) where removal_id is not null;

alter table messages add column place smallint not null default 0;
create unique index messages_once_each on messages (person_id, action_id, office_id, place) where not rehearsal and state <> 'cancelled';
drop index messages_once;

-- What was noticed: more than usual, or too much alike.
create table surges (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  kind text not null check (kind in ('rate', 'domain', 'pattern', 'unconfirmed')),
  since timestamptz not null,
  noticed_at timestamptz not null,
  recent int not null,
  usual int not null,
  -- Which domain or which shape of address; nobody at the desk can read it, but what is alike can be removed by it.
  alike bytea,
  mailed_at timestamptz,
  seen_at timestamptz,
  seen_by uuid
);
create index surges_of_action on surges (action_id, noticed_at desc);
create index surges_unmailed on surges (noticed_at) where mailed_at is null;

-- Who among the staff wants to be told by mail.
create table surge_readers (
  staff_id uuid primary key references staff on delete cascade
);

-- Participations that staff take out of the count together, by what they have in common, and may put back.
create table removals (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  staff_id uuid not null,
  reason text not null check (reason <> ''),
  taken_from timestamptz not null,
  taken_until timestamptz not null check (taken_until > taken_from),
  country text,
  language text,
  source text,
  held_reason text,
  surge_id uuid references surges on delete set null,
  -- As typed, sealed; the worker makes an index of it and empties it.
  domain bytea,
  domain_index bytea,
  pattern_index bytea,
  state text not null check (state in ('counting', 'counted', 'running', 'cancelled', 'done', 'restoring', 'restored')),
  matched int,
  matched_confirmed int,
  removed int not null default 0,
  restored int not null default 0,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index removals_of_action on removals (action_id, created_at desc);
create index removals_at_work on removals (created_at) where state in ('counting', 'running', 'restoring');

-- The tick says which changes were somebody's decision: they have a line of their own in the count's history.
alter table count_entries add column removal_id uuid;
create index count_entries_removals on count_entries (action_id, removal_id) where removal_id is not null;

create view public_count_changes as
select entries.action_id, removals.id as removal_id, removals.reason, entries.change, count(*)::int as people, min(ticks.ticked_at) as happened_at
from count_entries entries
join count_ticks ticks on ticks.id = entries.tick_id
join removals on removals.id = entries.removal_id
join public_actions on public_actions.id = entries.action_id
where entries.removal_id is not null
group by entries.action_id, removals.id, removals.reason, entries.change;

-- In pages by person, and never with a person on two pages: two of them may share one mailbox.
create or replace function open_action(audit uuid, after_person uuid, page int)
returns table (person_id uuid, participation_id uuid, contact bytea, details bytea, record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query
    select p.person_id, p.id, people.contact, p.details, p.record
    from participations p join people on people.id = p.person_id
    where p.action_id = any ((select subject_ids from opening_allowed(audit, 'export', interval '2 hours'))::uuid[])
      and p.state = 'confirmed' and p.rehearsal_id is null and p.person_id > after_person
    order by p.person_id fetch first page rows with ties;
end $$;

grant select on public_count_changes to :site, :worker, :desk;
grant select, insert, update, delete on surges to :worker;
grant select (id, action_id, kind, since, noticed_at, recent, usual, mailed_at, seen_at, seen_by), update (seen_at, seen_by) on surges to :desk;
grant select on surge_readers to :worker;
grant select, insert, delete on surge_readers to :desk;
grant select, update, delete on removals to :worker;
grant select (id, action_id, staff_id, reason, taken_from, taken_until, country, language, source, held_reason, surge_id, state, matched, matched_confirmed, removed, restored, created_at, ended_at), insert, update (state, ended_at) on removals to :desk;
grant select (role, language, left_at) on staff to :worker;

select pgboss.create_queue('participations.ask-many', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 3600, "deadLetter": "dead", "notify": true}');
