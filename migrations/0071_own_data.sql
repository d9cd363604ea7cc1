-- A supporter's own data page: the links to it, the capsules that it is read from, and changes of address that wait for the new mailbox.

-- Links that somebody asked for by their address; mails about an action carry one already (links).
create table data_links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  id uuid not null unique,
  -- The mail that it goes out with: one for all names of a mailbox.
  request_id uuid not null,
  person_id uuid not null,
  -- Whose page it opens where several names share the mailbox; none: all of it.
  name_index bytea,
  -- A participation that has the name, for the mail.
  named_in uuid,
  language text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index data_links_person on data_links (person_id);
create index data_links_request on data_links (request_id);

create table address_changes (
  id uuid primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  person_id uuid not null,
  name_index bytea,
  -- Taken down by staff, who cannot know which name of a mailbox it is: all of it moves.
  whole boolean not null default false,
  contact bytea not null,
  language text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null
);
create index address_changes_person on address_changes (person_id);

-- What is known of somebody, for an hour, encrypted under a key that only the token of their link gives.
create table capsules (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  -- The token, sealed for those who write the capsule.
  token bytea not null,
  language text not null,
  asked_at timestamptz not null,
  person_id uuid,
  -- Participations with something that only the desk opens.
  records uuid[] not null default '{}',
  contents bytea,
  -- The asking that the contents answer: what was handed in before is in them.
  answers timestamptz,
  record_contents bytea
);
create index capsules_asked on capsules (asked_at) where answers is null;
create index capsules_person on capsules (person_id);

-- What supporters asked for by phone, letter or in person, as staff took it down.
create table supporter_requests (
  id uuid primary key,
  person_id uuid not null,
  staff_id uuid not null,
  way text not null check (way in ('phone', 'letter', 'in-person', 'email')),
  asked_by text not null check (asked_by in ('themselves', 'somebody-for-them')),
  -- What is asked for, and whatever of it identifies somebody sealed apart.
  what text not null,
  change bytea not null,
  recorded_at timestamptz not null,
  done_at timestamptz
);
create index supporter_requests_person on supporter_requests (person_id, recorded_at desc);

alter table consents drop constraint consents_way_check,
  add constraint consents_way_check check (way in ('form', 'one-click', 'unsubscribe-page', 'staff', 'data-page'));
alter table mails drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in ('confirm', 'reminder', 'already', 'receipt', 'did-they-reply', 'data-link', 'new-address', 'address-notice'));

-- Whether a token opens a data page or moves an address, now. A rehearsal's mails go to a staff member and open nobody's page.
create function data_token(of_token bytea, at timestamptz) returns text
language sql stable security definer set search_path = public as $$
  select case
    when exists (select from links join participations p on p.person_id = links.person_id and p.id = links.participation_id where links.token_hash = of_token and p.rehearsal_id is null) then 'data'
    else coalesce(
      (select case when expires_at > at then 'data' else 'expired' end from data_links where data_links.token_hash = of_token),
      (select case when expires_at > at then 'address' else 'expired' end from address_changes where address_changes.token_hash = of_token))
  end
$$;

-- Asks the worker for a capsule, or for another one after a change. Only for a token that opens something: nobody fills this table by guessing.
create function ask_for_capsule(of_token bytea, sealed_token bytea, in_language text, at timestamptz) returns boolean
language plpgsql security definer set search_path = public as $$
begin
  if data_token(of_token, at) is distinct from 'data' then return false; end if;
  insert into capsules (token_hash, token, language, asked_at) values (of_token, sealed_token, in_language, at)
  on conflict (token_hash) do update set token = excluded.token, language = excluded.language, asked_at = greatest(capsules.asked_at, excluded.asked_at), answers = null;
  return true;
end $$;

-- A capsule that was asked for within the hour. Not ready: it is being written.
create function read_capsule(of_token bytea, at timestamptz)
returns table (ready boolean, language text, contents bytea, record_contents bytea, asked_at timestamptz)
language sql stable security definer set search_path = public as $$
  select answers is not null, capsules.language, case when answers is not null then capsules.contents end, case when answers is not null then capsules.record_contents end, capsules.asked_at
  from capsules where token_hash = of_token and capsules.asked_at > at - interval '1 hour'
$$;

-- What became of the messages of a participation, by the token of its mails: office by office, and no word of what was written.
create function message_life(of_token bytea)
returns table (office_id text, state text, waiting_for text, in_digest boolean, digest_period date, digest_state text, stopped boolean, wait_reason text, wait_until timestamptz, deliver_at timestamptz, promised_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = public as $$
  select messages.office_id, messages.state, messages.waiting_for, messages.in_digest, digests.period, digests.state, actions.state = 'suspended', sending_waits.reason, sending_waits.until, actions.deliver_at, messages.promised_at, messages.ended_at
  from links
  join messages on messages.person_id = links.person_id and messages.participation_id = links.participation_id
  join actions on actions.id = messages.action_id
  left join digests on digests.id = messages.digest_id
  left join sending_waits on sending_waits.action_id = messages.action_id and sending_waits.office_id = messages.office_id
  where links.token_hash = of_token
  order by messages.own desc, messages.office_id
$$;

-- What only the desk opens, for the capsule of its owner: against a line in the audit log, like everything that is sealed.
create function open_records(audit uuid)
returns table (participation_id uuid, record bytea, message_record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query
    select p.id, p.record, text.record
    from participations p left join message_texts text on text.person_id = p.person_id and text.participation_id = p.id
    where p.id = any ((select subject_ids from opening_allowed(audit, 'show-own-data'))::uuid[]);
end $$;

revoke all on function data_token, ask_for_capsule, read_capsule, message_life, open_records from public;
grant execute on function data_token, ask_for_capsule, read_capsule, message_life to :site;
grant execute on function open_records to :desk;
grant select, insert, update, delete on data_links, address_changes, supporter_requests to :worker;
grant select, update, delete on capsules to :worker;
-- Answers are never edited; but whose they are changes when a mailbox takes another's place.
grant update (person_id) on consents to :worker;
grant select, insert on supporter_requests to :desk;
grant select (token_hash, token, asked_at, answers, records, record_contents), update (record_contents) on capsules to :desk;

select pgboss.create_queue('people.change', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 3600, "deadLetter": "dead", "notify": true}');
