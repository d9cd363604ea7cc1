-- Ten codes on paper, each good once, for whoever has lost the second factor.
create table recovery_codes (
  staff_id uuid not null references staff on delete cascade,
  code_hash bytea not null,
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (staff_id, code_hash)
);
grant select, insert, update (used_at), delete on recovery_codes to :desk;

-- Every failed attempt writes here, whether there is such an account or not: so both take as long.
create table signin_failures (
  day date primary key,
  failures int not null
);
grant select, insert, update on signin_failures to :desk;

-- Everything is locked while the row is there: nobody but those who may unlock is let in, nothing is sent, nothing sealed is opened.
create table lockdown (
  id boolean primary key default true check (id),
  locked_at timestamptz not null,
  staff_id uuid not null references staff,
  reason text not null check (reason <> '')
);
grant select, insert, delete on lockdown to :desk;
grant select on lockdown to :worker;

create or replace function opening_allowed(audit uuid, by_verb text, good_for interval default interval '1 minute') returns audit_log
language plpgsql stable security definer set search_path = public as $$
declare line audit_log;
begin
  if exists (select from lockdown) then raise exception 'everything is locked'; end if;
  -- Lines of this transaction, and of savepoints in it, have its number or a later one: their age is zero or less.
  select * into line from audit_log
  where id = audit and verb = by_verb and happened_at > now() - good_for and happened_at <= now() and age(xmin) > 0;
  if line.id is null then raise exception 'opening sealed data needs an audit line first'; end if;
  return line;
end $$;
