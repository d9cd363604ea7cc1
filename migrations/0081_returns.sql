-- What comes back to the addresses of ours that name a mail: bounces, complaints, wishes for no more mail, answers.

-- A mail that came back, until it is read; then what sort it was, so that the same one is not counted twice.
create table returned_mails (
  id uuid primary key,
  -- SHA-256 of the address it came to and its Message-ID.
  fingerprint bytea not null unique check (octet_length(fingerprint) = 32),
  way text not null check (way in ('smtp', 'imap', 'inbox')),
  -- Emptied when it has been read.
  contact bytea,
  received_at timestamptz not null,
  kind text check (kind in ('hard', 'soft', 'delayed', 'delivered', 'complaint', 'unsubscribed', 'absence', 'challenge', 'letter', 'unclear', 'forged', 'unknown')),
  read_at timestamptz,
  check ((kind is null) = (read_at is null))
);
create index returned_mails_unread on returned_mails (received_at) where contact is not null;

-- What came back about one mail, each sort once. A person is named where it was a mail to a supporter.
create table bounces (
  about text not null check (about in ('mail', 'message', 'digest', 'mailing')),
  id uuid not null,
  kind text not null check (kind in ('hard', 'soft', 'delayed', 'complaint', 'absence', 'challenge')),
  -- RFC 3463, such as 5.1.1; empty where none was given.
  status text not null default '',
  person_id uuid,
  practice boolean not null,
  noticed_at timestamptz not null,
  primary key (about, id, kind)
);
create index bounces_person on bounces (person_id) where person_id is not null;
create index bounces_lately on bounces (noticed_at);

-- What somebody wrote back to us instead of to the supporter or the publisher.
create table returned_letters (
  id uuid primary key,
  about text not null check (about in ('mail', 'message', 'digest', 'mailing', 'participation')),
  about_id uuid not null,
  office_id text,
  action_id uuid references actions on delete cascade,
  -- For the worker, until it has been passed on to the supporter whose representative wrote it.
  person_id uuid,
  contact bytea,
  -- For the desk.
  record bytea not null,
  state text not null check (state in ('unread', 'read', 'passing-on', 'passed-on')),
  practice boolean not null,
  received_at timestamptz not null,
  read_at timestamptz,
  read_by uuid
);
create index returned_letters_to_pass_on on returned_letters (received_at) where state = 'passing-on';
create index returned_letters_about on returned_letters (about_id);
create index returned_letters_newest on returned_letters (received_at desc);

-- Mails are found by what their address names, which is their id alone.
create index mails_id on mails (id);
create index messages_id on messages (id);

alter table sending_days add column bounced int not null default 0;
alter table consents drop constraint consents_way_check,
  add constraint consents_way_check check (way in ('form', 'one-click', 'unsubscribe-page', 'staff', 'data-page', 'mailto', 'complaint'));
alter table incidents drop constraint incidents_kind_check,
  add constraint incidents_kind_check check (kind in ('lag', 'mail', 'disk', 'backup', 'worker', 'returned'));

-- What is known of an address's bounces is over as well.
create or replace function lift_bounced(of_people uuid[]) returns void
language sql security definer set search_path = public as $$
  delete from bounces where person_id = any (of_people) and kind in ('hard', 'soft', 'delayed');
  delete from suppressions held using email_indexes known
  where known.person_id = any (of_people) and held.email_index = known.email_index and held.key_id = known.key_id and held.reason = 'bounced';
$$;

create function open_returned_letters(audit uuid) returns table (id uuid, record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query select letter.id, letter.record from returned_letters letter
    where letter.id = any ((select subject_ids from opening_allowed(audit, 'open-returned-letter'))::uuid[]);
end $$;
revoke all on function open_returned_letters from public;
grant execute on function open_returned_letters to :desk;

grant insert (id, fingerprint, way, contact, received_at) on returned_mails to :site;
grant select, insert, update, delete on returned_mails, bounces, returned_letters to :worker;
grant select on bounces to :desk;
grant select (way, kind, received_at, read_at) on returned_mails to :desk;
grant select (id, about, about_id, office_id, action_id, state, practice, received_at, read_at, read_by) on returned_letters to :desk;
grant update (state, read_at, read_by) on returned_letters to :desk;
