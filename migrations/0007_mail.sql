-- Mails to supporters: promised in the same transaction as what they are about, written when they are sent. What was promised in
-- practice goes to the local inbox, everything else to the world, and neither leaves while the other is meant.
create table mails (
  person_id uuid not null,
  id uuid not null,
  participation_id uuid not null,
  kind text not null check (kind in ('confirm', 'reminder', 'already', 'receipt')),
  state text not null check (state in ('queued', 'accepted', 'failed', 'cancelled')),
  due_at timestamptz not null,
  claimed_by uuid,
  claimed_at timestamptz,
  attempts int not null default 0,
  problem text,
  promised_at timestamptz not null,
  ended_at timestamptz,
  practice boolean not null,
  primary key (person_id, id)
);
create index mails_due on mails (practice, due_at) where state = 'queued';
create index mails_participation on mails (participation_id);
create index mails_newest on mails (promised_at desc);

-- What a supporter wrote, once for all its targets: sealed so that the worker can send it, and so that only the desk can read it afterwards.
create table message_texts (
  person_id uuid not null,
  participation_id uuid not null,
  contact bytea,
  record bytea,
  primary key (person_id, participation_id)
);

create index message_texts_unsent on message_texts (participation_id) where contact is not null;

-- One message to one office, sent at most once: `sending` is committed before the words go out.
create table messages (
  person_id uuid not null,
  id uuid not null,
  participation_id uuid not null,
  action_id uuid not null references actions,
  office_id text not null,
  official_id text,
  own boolean not null,
  rehearsal boolean not null default false,
  state text not null check (state in ('queued', 'sending', 'accepted', 'failed', 'unknown', 'waiting', 'cancelled')),
  waiting_for text check (waiting_for in ('address', 'holder')),
  due_at timestamptz not null,
  sending_at timestamptz,
  attempts int not null default 0,
  problem text,
  promised_at timestamptz not null,
  ended_at timestamptz,
  practice boolean not null,
  primary key (person_id, id)
);
create unique index messages_once on messages (person_id, action_id, office_id) where not rehearsal and state <> 'cancelled';
create index messages_queue on messages (practice, action_id, office_id, due_at) where state = 'queued';
create index messages_sending on messages (sending_at) where state = 'sending';
create index messages_participation on messages (participation_id);
create index messages_newest on messages (promised_at desc);

-- How fast a mailbox, or all mailboxes of a domain, may be written to. The mailbox's address is hashed.
create table paces (
  mailbox bytea primary key,
  next_at timestamptz not null,
  day date not null,
  sent_today int not null
);

grant select, insert, update, delete on mails, message_texts, messages, paces to :worker;
grant select on mails, messages to :desk;
