-- Moving from one key to the next: what lies under older keys of the same kind is opened and sealed again, or indexed again, in small steps.
-- Each process does what it has the keys and the rights for, and notes here how far it is, in the same transaction.
create table key_rotations (
  kind text not null check (kind in ('contact', 'record', 'index')),
  -- The key that everything moves to: its name in envelopes, or the number of an index key.
  key text not null,
  process text not null check (process in ('worker', 'desk')),
  started_at timestamptz not null,
  -- How many lay under older keys when it began, how many have been moved since, and how many nobody can open.
  under_old bigint not null default 0,
  moved bigint not null default 0,
  unreadable bigint not null default 0,
  -- Which of the columns it is at, and the last row of it that it looked at.
  part smallint not null default 0,
  after_row text[],
  ended_at timestamptz,
  primary key (kind, key, process)
);
grant select, insert, update on key_rotations to :worker, :desk;

-- Keys whose private half is gone for good. The owner alone writes it.
create table destroyed_keys (
  key text primary key,
  destroyed_at timestamptz not null
);
grant select on destroyed_keys to :worker, :desk;

-- What each batch was sealed for: the contact key and the record key of the site that took it in.
alter table intake_batches add column keys text[];

-- A site that was never given the new key must not take in what nobody could open: its visitors are told "busy" instead of "thank you".
create function refuse_destroyed_keys() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  if exists (select from destroyed_keys where key = any (new.keys)) then raise exception 'sealed for a key that has been destroyed'; end if;
  return new;
end $$;
revoke all on function refuse_destroyed_keys from public;
create trigger refuse_destroyed_keys before insert on intake_batches for each row when (new.keys is not null and new.settled_at is null) execute function refuse_destroyed_keys('destroyed_keys');

grant update (contact) on intake_refused to :worker;

-- Towards the desk sealed data goes against a line in the audit log only. These two hand out what lies under an older record key, and take it
-- back sealed anew; a line is good for an hour of it.
create function records_to_reseal(audit uuid, newest text, of_table text, after_person uuid, after_row uuid, page int)
returns table (person_id uuid, id uuid, record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  perform opening_allowed(audit, 'reseal-records', interval '1 hour');
  case of_table
  when 'participations' then return query
    select p.person_id, p.id, case when encode(substring(p.record from 2 for 4), 'hex') <> newest then p.record end from participations p
    where p.record is not null and (p.person_id, p.id) > (after_person, after_row) order by p.person_id, p.id limit page;
  when 'message_texts' then return query
    select text.person_id, text.participation_id, case when encode(substring(text.record from 2 for 4), 'hex') <> newest then text.record end from message_texts text
    where text.record is not null and (text.person_id, text.participation_id) > (after_person, after_row) order by text.person_id, text.participation_id limit page;
  when 'returned_letters' then return query
    select letter.about_id, letter.id, case when encode(substring(letter.record from 2 for 4), 'hex') <> newest then letter.record end from returned_letters letter
    where (letter.about_id, letter.id) > (after_person, after_row) order by letter.about_id, letter.id limit page;
  when 'contact_messages' then return query
    select message.subject_id, message.id, case when encode(substring(message.record from 2 for 4), 'hex') <> newest then message.record end from contact_messages message
    where (message.subject_id, message.id) > (after_person, after_row) order by message.subject_id, message.id limit page;
  end case;
end $$;

create function reseal_records(audit uuid, of_table text, people uuid[], ids uuid[], sealed bytea[], fresh bytea[]) returns int
language plpgsql security definer set search_path = public as $$
declare moved int;
begin
  perform opening_allowed(audit, 'reseal-records', interval '1 hour');
  case of_table
  when 'participations' then
    update participations p set record = it.fresh from unnest(people, ids, sealed, fresh) as it (person_id, id, sealed, fresh)
    where p.person_id = it.person_id and p.id = it.id and p.record = it.sealed;
  when 'message_texts' then
    update message_texts text set record = it.fresh from unnest(people, ids, sealed, fresh) as it (person_id, id, sealed, fresh)
    where text.person_id = it.person_id and text.participation_id = it.id and text.record = it.sealed;
  when 'returned_letters' then
    update returned_letters letter set record = it.fresh from unnest(people, ids, sealed, fresh) as it (about_id, id, sealed, fresh)
    where letter.about_id = it.about_id and letter.id = it.id and letter.record = it.sealed;
  when 'contact_messages' then
    update contact_messages message set record = it.fresh from unnest(people, ids, sealed, fresh) as it (subject_id, id, sealed, fresh)
    where message.subject_id = it.subject_id and message.id = it.id and message.record = it.sealed;
  end case;
  get diagnostics moved = row_count;
  return moved;
end $$;

create function records_under_other_keys(newest text) returns bigint
language plpgsql stable security definer set search_path = public as $$
begin
  return (select count(*) from participations where record is not null and encode(substring(record from 2 for 4), 'hex') <> newest)
    + (select count(*) from message_texts where record is not null and encode(substring(record from 2 for 4), 'hex') <> newest)
    + (select count(*) from returned_letters where encode(substring(record from 2 for 4), 'hex') <> newest)
    + (select count(*) from contact_messages where encode(substring(record from 2 for 4), 'hex') <> newest);
end $$;
revoke all on function records_to_reseal, reseal_records, records_under_other_keys from public;
grant execute on function records_to_reseal, reseal_records, records_under_other_keys to :desk;
