-- Every line of the log is sealed soon after it is committed: each seal is a hash over the line and the seal before. A table of its own, because
-- nobody may change a line, and because lines commit in another order than they were written in.
create table audit_chain (
  position bigint primary key check (position > 0),
  audit_id uuid not null unique,
  hash bytea not null check (length(hash) = 32)
);
create table audit_unsealed (
  audit_id uuid primary key
);
insert into audit_unsealed select id from audit_log;

-- Whoever writes a line notes with it that it waits for its seal, and can do nothing else about that. A backup brings seals before lines (it
-- looks at the arguments of triggers), so that what is sealed already is not noted again.
create function note_unsealed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into audit_unsealed select new.id where not exists (select from audit_chain where audit_id = new.id) on conflict do nothing;
  return new;
end $$;
revoke all on function note_unsealed from public;
create trigger note_unsealed after insert on audit_log for each row execute function note_unsealed('audit_chain', 'audit_unsealed');

grant select, insert on audit_chain to :worker;
grant select, delete on audit_unsealed to :worker;
grant select on audit_chain to :desk;

create index audit_log_staff on audit_log (staff_id, happened_at desc);
create index audit_log_verb on audit_log (verb, happened_at desc);
create index audit_log_subjects on audit_log using gin (subject_ids);
