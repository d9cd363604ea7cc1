-- Forgetting by clocks that the publisher sets, in batches that can be interrupted; holds that keep what a law wants kept; and a register
-- of erasures by which a restored copy forgets again whom this one has forgotten.

-- For how many days each purpose keeps what it has.
create table retention_clocks (
  clock text primary key check (clock in ('unconfirmed', 'message-text', 'inactive', 'contact-messages')),
  days int not null,
  check (days between case clock when 'unconfirmed' then 3 when 'message-text' then 7 when 'contact-messages' then 30 else 90 end and case clock when 'unconfirmed' then 90 when 'message-text' then 730 else 3650 end)
);
insert into retention_clocks values ('unconfirmed', 14), ('message-text', 90), ('inactive', 730), ('contact-messages', 365);
grant select, update on retention_clocks to :desk;
grant select on retention_clocks to :worker;

-- Somebody, or everybody who took part in an action, must not be forgotten for now. A row stays after the hold has been lifted.
create table legal_holds (
  id uuid primary key,
  person_id uuid,
  action_id uuid references actions on delete cascade,
  reason text not null check (reason <> ''),
  placed_by uuid not null,
  placed_at timestamptz not null,
  lifted_by uuid,
  lifted_at timestamptz,
  lifted_reason text,
  check ((person_id is null) <> (action_id is null)),
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_reason is null))
);
create unique index legal_holds_person on legal_holds (person_id) where lifted_at is null and person_id is not null;
create unique index legal_holds_action on legal_holds (action_id) where lifted_at is null and action_id is not null;
grant select, insert, update (lifted_by, lifted_at, lifted_reason) on legal_holds to :desk;
grant select, insert, delete on legal_holds to :worker;

create function is_held(of_person uuid) returns boolean
language sql stable as $$
  select exists (select from legal_holds hold where hold.lifted_at is null
    and (hold.person_id = of_person or hold.action_id in (select action_id from participations where participations.person_id = of_person)))
$$;
revoke all on function is_held from public;
grant execute on function is_held to :worker, :desk;

-- Somebody asked to be erased and is not yet: for a moment, or until the end of a hold.
create table erasure_requests (
  person_id uuid primary key,
  asked_at timestamptz not null,
  -- Held, and nothing is sent or used any more until then.
  waits boolean not null default false
);
grant select, insert, delete, update (waits) on erasure_requests to :worker;
grant select, insert (person_id, asked_at) on erasure_requests to :desk;

-- Whom we erased because they asked. Of no use without a backup that has them still: a hash of the person's random id, and the address's index.
create table erasures (
  person_hash bytea not null check (octet_length(person_hash) = 32),
  email_index bytea not null check (octet_length(email_index) = 32),
  key_id smallint not null,
  erased_at timestamptz not null,
  primary key (person_hash, key_id)
);
create index erasures_index on erasures (email_index, key_id);
create index erasures_newest on erasures (erased_at);
grant select, insert, update, delete on erasures to :worker;

-- One run of one clock. After a stop it goes on behind the last person that it looked at.
create table forgetting_runs (
  id uuid primary key,
  clock text not null check (clock in ('unconfirmed', 'message-text', 'inactive', 'contact-messages')),
  before timestamptz not null,
  due int not null,
  done int not null default 0,
  after_person uuid not null default '00000000-0000-0000-0000-000000000000',
  started_at timestamptz not null,
  ended_at timestamptz
);
create unique index forgetting_runs_one on forgetting_runs (clock) where ended_at is null;
create index forgetting_runs_newest on forgetting_runs (started_at);
grant select, insert, update, delete on forgetting_runs to :worker;
grant select, insert on forgetting_runs to :desk;

-- What each clock will take, by day: how many people (or people's messages), and how many of them a hold keeps. Numbers only, for a role that may not
-- see what they are made of. Today stands for everything that is due already.
create function forgetting_ahead(of_clock text, kept_days int, of_now timestamptz) returns table (on_day date, people bigint, held bigint)
language plpgsql stable security definer set search_path = public as $$
-- Asked once: without any hold nobody is looked up for one.
declare any_hold boolean := exists (select from legal_holds where lifted_at is null);
begin
  if of_clock = 'unconfirmed' then
    return query select greatest(p.taken_at + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and is_held(p.person_id))), count(*) filter (where any_hold and is_held(p.person_id))
      from participations p where (p.state in ('waiting', 'held', 'refused') or p.removed_from in ('waiting', 'held')) and not p.counted group by 1 order by 1;
  elsif of_clock = 'message-text' then
    return query select greatest(greatest(p.confirmed_at, coalesce(sent.last_at, p.confirmed_at)) + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and is_held(p.person_id))), count(*) filter (where any_hold and is_held(p.person_id))
      from message_texts text join participations p on p.person_id = text.person_id and p.id = text.participation_id
      left join lateral (select max(m.ended_at) as last_at from messages m where m.person_id = p.person_id and m.participation_id = p.id) sent on true
      where text.contact is null and p.confirmed_at is not null group by 1 order by 1;
  elsif of_clock = 'inactive' then
    return query select greatest(seen.last_at + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and is_held(seen.id))), count(*) filter (where any_hold and is_held(seen.id))
      from (select who.id, greatest(who.created_at, max(p.taken_at)) as last_at from people who left join participations p on p.person_id = who.id group by who.id, who.created_at) seen group by 1 order by 1;
  elsif of_clock = 'contact-messages' then
    return query select greatest(message.received_at + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and message.person_id is not null and is_held(message.person_id))), count(*) filter (where any_hold and message.person_id is not null and is_held(message.person_id))
      from contact_messages message group by 1 order by 1;
  end if;
end $$;
revoke all on function forgetting_ahead from public;
grant execute on function forgetting_ahead to :desk, :worker;
