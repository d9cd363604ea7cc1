-- A name that was erased out of a mailbox which others use. No address leads to it alone, so the register has its participations, by hashes of their random ids.
create table erased_participations (
  participation_hash bytea primary key check (octet_length(participation_hash) = 32),
  erased_at timestamptz not null
);
create index erased_participations_newest on erased_participations (erased_at);
grant select, insert, delete on erased_participations to :worker;

-- How many signs of life a worker has given. Data folders remember it: a database that has fewer is an earlier copy.
alter table heartbeats add column beats bigint not null default 0;

-- Ends sending in a database that turned out to be an earlier copy, until somebody goes live again. It can do nothing else.
create function back_to_practice() returns void
language sql security definer set search_path = public as $$
  update going_live set install_id = ''
$$;
revoke all on function back_to_practice from public;
grant execute on function back_to_practice to :worker;
