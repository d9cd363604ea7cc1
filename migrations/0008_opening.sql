-- Sealed data leaves the database towards the desk only against a line in the audit log that was committed before: the functions
-- look the line up and refuse one that is too old, dated ahead, of another kind, or that could still be taken back.

create function opening_allowed(audit uuid, by_verb text, good_for interval default interval '1 minute') returns audit_log
language plpgsql stable security definer set search_path = public as $$
declare line audit_log;
begin
  -- Lines of this transaction, and of savepoints in it, have its number or a later one: their age is zero or less.
  select * into line from audit_log
  where id = audit and verb = by_verb and happened_at > now() - good_for and happened_at <= now() and age(xmin) > 0;
  if line.id is null then raise exception 'opening sealed data needs an audit line first'; end if;
  return line;
end $$;
revoke all on function opening_allowed from public;

create function open_participations(audit uuid)
returns table (person_id uuid, participation_id uuid, contact bytea, details bytea, record bytea, message_contact bytea, message_record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query
    select p.person_id, p.id, people.contact, p.details, p.record, text.contact, text.record
    from participations p
    join people on people.id = p.person_id
    left join message_texts text on text.person_id = p.person_id and text.participation_id = p.id
    where p.id = any ((select subject_ids from opening_allowed(audit, 'open-participation'))::uuid[]);
end $$;

create function open_people(audit uuid) returns table (person_id uuid, contact bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query select people.id, people.contact from people
    where people.id = any ((select subject_ids from opening_allowed(audit, 'open-person'))::uuid[]);
end $$;

-- An export of everybody who confirmed an action, in pages by person.
create function open_action(audit uuid, after_person uuid, page int)
returns table (person_id uuid, participation_id uuid, contact bytea, details bytea, record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query
    select p.person_id, p.id, people.contact, p.details, p.record
    from participations p join people on people.id = p.person_id
    where p.action_id = any ((select subject_ids from opening_allowed(audit, 'export', interval '2 hours'))::uuid[])
      and p.state = 'confirmed' and p.rehearsal_id is null and p.person_id > after_person
    order by p.person_id limit page;
end $$;

revoke all on function open_participations, open_people, open_action from public;
grant execute on function open_participations, open_people, open_action to :desk;

grant select on migrations to :desk, :worker;

:queue;
select pgboss.create_queue('dead', '{"policy": "standard"}');
select pgboss.create_queue(name, '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 3600, "deadLetter": "dead", "notify": true}')
from unnest(array['imports.run', 'people.find', 'people.erase', 'mails.remind', 'privacy.expire', 'counts.recount', 'participations.ask', 'practice.remove']) as queue (name);
grant usage on schema pgboss to :worker, :desk;
grant select, insert, update, delete on all tables in schema pgboss to :worker;
grant select, insert on all tables in schema pgboss to :desk;
grant execute on all functions in schema pgboss to :worker;
