-- What is known of somebody is gathered in one way: by the worker, into a capsule. Staff who answer a letter ask for one of the whole mailbox.
alter table capsules add column whole_person uuid;

-- Asks for it, against a line in the audit log. False where there is no such person.
create function ask_for_whole(audit uuid, of_person uuid, of_token bytea, sealed_token bytea, in_language text, at timestamptz) returns boolean
language plpgsql security definer set search_path = public as $$
begin
  if not of_person = any ((select subject_ids from opening_allowed(audit, 'open-person'))::uuid[]) then raise exception 'opening sealed data needs an audit line first'; end if;
  insert into capsules (token_hash, token, language, asked_at, whole_person) select of_token, sealed_token, in_language, at, id from people where id = of_person;
  return found;
end $$;
revoke all on function ask_for_whole from public;
grant execute on function ask_for_whole, read_capsule to :desk;
