-- Several roles for one person. `role` stays for a desk of the version before, which knows it alone: what only it writes is copied.
alter table staff drop constraint staff_role_check;
alter table staff add check (role in ('administrator', 'campaigner', 'coordinator', 'researcher', 'press-officer', 'translator', 'data-steward', 'security-lead'));
alter table staff add roles text[] not null default '{}';
update staff set roles = array[role];
alter table staff add check (roles <@ array['administrator', 'campaigner', 'coordinator', 'researcher', 'press-officer', 'translator', 'data-steward', 'security-lead'] and cardinality(roles) > 0);

create function roles_from_role() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and cardinality(new.roles) = 0 then new.roles := array[new.role]; end if;
  if tg_op = 'UPDATE' and new.role is distinct from old.role and new.roles is not distinct from old.roles then new.roles := array[new.role]; end if;
  return new;
end $$;
revoke all on function roles_from_role from public;
create trigger roles_from_role before insert or update of role, roles on staff for each row execute function roles_from_role();
grant select (roles) on staff to :worker;

-- What somebody whose role is limited to their own looks after: 'action:' and its id, 'country:' and its code, 'place:' and what pages call it.
create table staff_places (
  staff_id uuid not null references staff on delete cascade,
  place text not null check (place ~ '^[a-z]+:[^[:cntrl:]]{1,100}$'),
  assigned_at timestamptz not null,
  primary key (staff_id, place)
);
grant select, insert, delete on staff_places to :desk;

-- Who does what somebody else may do while they are away.
create table deputies (
  id uuid primary key,
  staff_id uuid not null references staff on delete cascade,
  deputy_id uuid not null references staff on delete cascade,
  from_at timestamptz not null,
  until_at timestamptz not null,
  created_at timestamptz not null,
  check (staff_id <> deputy_id),
  check (until_at > from_at)
);
create index deputies_deputy on deputies (deputy_id, until_at);
grant select, insert, delete on deputies to :desk;

-- When whoever has this session last showed that it is them.
alter table desk_sessions add proved_at timestamptz;

-- From how many people on a second person must agree, and how long somebody waits who has nobody to ask.
create table approval_limits (
  kind text primary key check (kind in ('mailing', 'export')),
  above int not null check (above >= 0),
  delay_hours int not null check (delay_hours between 1 and 168)
);
insert into approval_limits values ('mailing', 1000, 24), ('export', 100, 24);
grant select, update on approval_limits to :desk;
grant select on approval_limits to :worker;

-- What a second person was asked, about one thing in one state: what is changed afterwards needs another yes.
create table approvals (
  id uuid primary key,
  kind text not null references approval_limits,
  subject_id uuid not null,
  fingerprint text not null,
  people int not null,
  reason text not null,
  asked_by uuid not null references staff,
  asked_at timestamptz not null,
  -- Where nobody could be asked: from then on it stands by itself.
  stands_from timestamptz,
  answered_by uuid references staff,
  answered_at timestamptz,
  answer text check (answer in ('approved', 'refused')),
  answer_reason text not null default '',
  check (answered_by <> asked_by),
  check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
create unique index approvals_once on approvals (kind, subject_id, fingerprint) where answer is null;
create index approvals_subject on approvals (kind, subject_id, asked_at);
-- No answer is born with its question.
grant select, insert (id, kind, subject_id, fingerprint, people, reason, asked_by, asked_at, stands_from), update (answered_by, answered_at, answer, answer_reason) on approvals to :desk;
grant select on approvals to :worker;
