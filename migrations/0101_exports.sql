-- What leaves the house about supporters: lists that somebody asked for with a reason, made in the background, kept sealed for three days, and
-- encrypted to the key of whoever they are for when they are downloaded.

-- A partner's age key: what is handed over to it is encrypted to that.
alter table controllers add column age_recipient text;

create table exports (
  id uuid primary key,
  kind text not null check (kind in ('people', 'participations', 'messages', 'consents', 'partner')),
  format text not null check (format in ('csv', 'json')),
  action_id uuid references actions on delete cascade,
  controller_id uuid references controllers,
  language text,
  country text,
  reason text not null check (reason <> ''),
  asked_by uuid not null references staff,
  -- Only what had happened by then is in it: its count cannot grow after somebody agreed to it.
  asked_at timestamptz not null,
  people int not null,
  rows int not null,
  done int not null default 0,
  state text not null default 'planned' check (state in ('planned', 'waiting', 'running', 'done', 'cancelled', 'erased', 'ended')),
  problem text check (problem in ('no-key', 'failed')),
  ended_at timestamptz,
  check ((kind = 'partner') = (controller_id is not null))
);
create index exports_newest on exports (asked_at desc);
create index exports_at_work on exports (asked_at) where state in ('planned', 'waiting', 'running', 'done');

-- Who is in an export, in its order: by it the export is made, goes on after an interruption, and goes when one of them is erased.
create table export_rows (
  export_id uuid not null references exports on delete cascade,
  position int not null,
  person_id uuid not null,
  row_id uuid not null,
  primary key (export_id, position)
);
create index export_rows_person on export_rows (person_id);

-- What is made of it so far, sealed to the record key. The last position that a part has is where the next begins.
create table export_parts (
  export_id uuid not null references exports on delete cascade,
  part int not null,
  bytes bytea not null,
  primary key (export_id, part)
);
alter table export_parts alter column bytes set storage external;

grant select, insert, update (state, done, problem, ended_at) on exports to :desk;
grant select, update (state, ended_at) on exports to :worker;
grant delete on exports to :worker;
grant delete on export_rows, export_parts to :desk, :worker;
grant select on export_rows to :worker;
grant select (export_id) on export_rows to :desk;
grant select (export_id, part), insert on export_parts to :desk;
grant select (export_id) on export_parts to :worker;

-- Who belongs to an export, one row for each of its lines; `happened_at` gives the order. Nobody who has asked to be erased is in any. A partner
-- gets one line for each yes that somebody said to it and holds to, and nobody who did not.
create function export_members(of_kind text, of_action uuid, of_controller uuid, of_language text, of_country text, until timestamptz)
returns table (person_id uuid, row_id uuid, happened_at timestamptz)
language sql stable as $$
  select each.person_id, each.row_id, each.happened_at from (
    select people.id as person_id, people.id as row_id, people.confirmed_at as happened_at, people.language, people.country from people
    where of_kind = 'people' and people.confirmed_at <= until
      and (of_action is null or exists (select from participations p where p.person_id = people.id and p.action_id = of_action and p.state = 'confirmed' and p.rehearsal_id is null and p.confirmed_at <= until))
    union all
    select p.person_id, p.id, p.taken_at, p.language, p.country from participations p
    where of_kind = 'participations' and (of_action is null or p.action_id = of_action) and p.state = 'confirmed' and p.rehearsal_id is null and p.confirmed_at <= until
    union all
    select m.person_id, m.id, m.promised_at, p.language, p.country from messages m join participations p on p.person_id = m.person_id and p.id = m.participation_id
    where of_kind = 'messages' and not m.rehearsal and (of_action is null or m.action_id = of_action) and m.promised_at <= until
    union all
    select c.person_id, c.id, c.recorded_at, people.language, people.country from consents c join people on people.id = c.person_id
    where of_kind = 'consents' and c.recorded_at <= until
      and (of_action is null or c.action_id = of_action or exists (select from participations p where p.person_id = c.person_id and p.id = c.participation_id and p.action_id = of_action))
    union all
    select held.person_id, held.id, held.recorded_at, people.language, people.country
    from (select distinct on (c.person_id, c.statement_id, c.action_id) c.person_id, c.id, c.answer, c.recorded_at, c.action_id, c.participation_id
      from consents c join consent_statements statement on statement.id = c.statement_id
      where of_kind = 'partner' and statement.controller_id = of_controller and c.answer in ('yes', 'no', 'withdrawn') and c.recorded_at <= until
      order by c.person_id, c.statement_id, c.action_id, c.recorded_at desc, c.answer = 'yes', c.id desc) held
    join people on people.id = held.person_id and people.confirmed_at is not null
    where held.answer = 'yes' and (of_action is null or held.action_id = of_action
      or exists (select from participations p where p.person_id = held.person_id and p.id = held.participation_id and p.action_id = of_action))
  ) each
  -- What was erased has messages and participations of nobody.
  where exists (select from people where people.id = each.person_id) and not exists (select from erasure_requests asked where asked.person_id = each.person_id)
    and (of_language is null or each.language = of_language) and (of_country is null or each.country = of_country)
$$;
revoke all on function export_members from public;
grant execute on function export_members to :desk;

-- An error for more people than somebody may export alone, unless somebody else has agreed or the delay is over.
create function export_agreed(of_export uuid, people int) returns void
language plpgsql stable security definer set search_path = public as $$
begin
  if people > (select above from approval_limits where kind = 'export') and not exists (
    select from approvals where kind = 'export' and subject_id = of_export and (answer = 'approved' or (answer is null and stands_from <= now()))) then
    raise exception 'an export of that many people needs a second person';
  end if;
end $$;
revoke all on function export_agreed from public;

-- Whether an export may be made: somebody is named in the log for it, and as many people as it was asked for were agreed to.
create function export_allowed(audit uuid, of_export uuid) returns exports
language plpgsql stable security definer set search_path = public as $$
declare it exports;
begin
  select * into it from exports where id = of_export and state = 'running' and id = any ((select subject_ids from opening_allowed(audit, 'export', interval '2 hours'))::uuid[]);
  if it.id is null then raise exception 'opening sealed data needs an audit line first'; end if;
  perform export_agreed(of_export, it.people);
  return it;
end $$;
revoke all on function export_allowed from public;

-- Lists who is in an export, once. In the order of time, and of one second what was sealed together together: opening it is cheap then. Those who were
-- erased since it was counted are fewer. Who is listed counts for the second person, not what the row says of itself.
create function list_export(audit uuid, of_export uuid) returns int
language plpgsql security definer set search_path = public as $$
declare it exports := export_allowed(audit, of_export); listed int;
begin
  if exists (select from export_rows where export_id = of_export) then return it.rows; end if;
  insert into export_rows (export_id, position, person_id, row_id)
  select of_export, row_number() over (order by date_trunc('second', member.happened_at), substring(people.contact from 6 for 32), member.row_id), member.person_id, member.row_id
  from export_members(it.kind, it.action_id, it.controller_id, it.language, it.country, it.asked_at) member join people on people.id = member.person_id;
  get diagnostics listed = row_count;
  perform export_agreed(of_export, (select count(distinct person_id)::int from export_rows where export_id = of_export));
  update exports set rows = listed where id = of_export;
  return listed;
end $$;

-- One page of it: whatever is sealed in its rows, and nothing of anybody else.
create function open_export(audit uuid, of_export uuid, after_position int, page int)
returns table ("position" int, person_id uuid, row_id uuid, participation_id uuid, contact bytea, details bytea, record bytea, message_contact bytea, message_record bytea)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare it exports := export_allowed(audit, of_export);
begin
  return query
    select listed.position, listed.person_id, listed.row_id, p.id, people.contact, p.details, case when it.kind = 'participations' or statement.channel in ('phone', 'post') then p.record end, said.contact, said.record
    from export_rows listed
    join people on people.id = listed.person_id
    left join messages m on it.kind = 'messages' and m.person_id = listed.person_id and m.id = listed.row_id
    left join consents yes on it.kind = 'partner' and yes.person_id = listed.person_id and yes.id = listed.row_id
    left join consent_statements statement on statement.id = yes.statement_id
    left join participations p on p.person_id = listed.person_id and p.id = case it.kind when 'participations' then listed.row_id when 'messages' then m.participation_id when 'partner' then yes.participation_id end
    left join message_texts said on it.kind = 'messages' and said.person_id = listed.person_id and said.participation_id = p.id
    where listed.export_id = of_export and listed.position > after_position order by listed.position limit page;
end $$;

-- The next piece of a finished export, for whoever asked for it and for nobody else; an error once it is not there any more.
create function hand_over_export(audit uuid, of_export uuid, after_part int) returns table (part int, bytes bytea)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare line audit_log := opening_allowed(audit, 'download-export', interval '2 hours');
begin
  if not exists (select from exports it where it.id = of_export and it.id = any (line.subject_ids::uuid[]) and it.asked_by = line.staff_id and it.state = 'done') then
    raise exception 'this export is not here for them';
  end if;
  return query select piece.part, piece.bytes from export_parts piece where piece.export_id = of_export and piece.part > after_part order by piece.part limit 1;
end $$;

revoke all on function list_export, open_export, hand_over_export from public;
grant execute on function list_export, open_export, hand_over_export to :desk;

-- The way out before there were exports: it knew no second person.
drop function open_action(uuid, uuid, int);
