-- Updates about an action, and newsletters: written once, sent to many, to each mailbox at most once.
create table mailings (
  id uuid primary key,
  kind text not null check (kind in ('update', 'newsletter')),
  action_id uuid references actions,
  state text not null check (state in ('draft', 'waiting', 'scheduled', 'planning', 'sending', 'paused', 'stopped', 'sent')),
  -- A yes to one of these questions lets us write.
  statements uuid[] not null,
  filter jsonb not null default '{}',
  -- What those read whose language it is not written in; null: they do not get it.
  fallback_language text,
  send_at timestamptz,
  zone text not null,
  quiet_from text check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_until text check (quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  practice boolean,
  created_by uuid references staff,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- How many would get it and how many would not and why, and since when somebody waits for a new count.
  counted jsonb,
  counted_at timestamptz,
  count_asked_at timestamptz,
  -- The last person who was looked at for the list of recipients.
  planned_after uuid,
  planned_at timestamptz,
  -- When its next mail may leave.
  next_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  reason text not null default '',
  -- What came of it, once the list of recipients is deleted.
  results jsonb,
  check ((kind = 'update') = (action_id is not null)),
  check ((quiet_from is null) = (quiet_until is null))
);
create index mailings_at_work on mailings (state) where state in ('waiting', 'scheduled', 'planning', 'sending');
create index mailings_of_action on mailings (action_id);

create table mailing_texts (
  mailing_id uuid not null references mailings on delete cascade,
  language text not null,
  subject text not null,
  from_name text not null default '',
  body text not null,
  changed_at timestamptz not null,
  primary key (mailing_id, language)
);

-- One person who gets one mailing. `sending` is committed before the first word leaves; distributed by person, like all that hangs on one.
create table mailing_recipients (
  person_id uuid not null,
  mailing_id uuid not null references mailings,
  id uuid not null,
  participation_id uuid,
  language text not null,
  state text not null check (state in ('queued', 'sending', 'accepted', 'failed', 'unknown', 'left-out')),
  left_out text check (left_out in ('no-consent', 'suppressed', 'bounced', 'paused', 'frequency', 'language', 'gone', 'stopped')),
  due_at timestamptz not null,
  sending_at timestamptz,
  claimed_by uuid,
  attempts int not null default 0,
  problem text,
  ended_at timestamptz,
  returned text check (returned in ('bounced', 'complained')),
  returned_at timestamptz,
  unsubscribed_at timestamptz,
  primary key (person_id, mailing_id),
  check ((state = 'left-out') = (left_out is not null))
);
create index mailing_recipients_queue on mailing_recipients (mailing_id, due_at, person_id) where state = 'queued';
create index mailing_recipients_sending on mailing_recipients (sending_at) where state = 'sending';
create index mailing_recipients_states on mailing_recipients (mailing_id, state);
create index mailing_recipients_id on mailing_recipients (id);

-- A staff member wants to see it in their own mailbox.
create table mailing_tests (
  id uuid primary key,
  mailing_id uuid not null references mailings on delete cascade,
  staff_id uuid not null references staff on delete cascade,
  language text not null,
  state text not null check (state in ('queued', 'accepted', 'failed')),
  problem text,
  asked_at timestamptz not null,
  ended_at timestamptz
);
create index mailing_tests_queued on mailing_tests (asked_at) where state = 'queued';

-- When nobody is written to and how fast, where a mailing does not say otherwise.
create table mailing_habits (
  id smallint primary key default 1 check (id = 1),
  quiet_from text check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_until text check (quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  per_minute int check (per_minute between 1 and 100000),
  check ((quiet_from is null) = (quiet_until is null))
);
insert into mailing_habits values (1, '21:00', '08:00', null);

-- Whom to count as having unsubscribed after which mailing: few rows, looked for every quarter of a minute.
create index consents_withdrawn on consents (recorded_at) where answer = 'withdrawn';

grant select, update on mailings to :worker;
grant select on mailing_texts, mailing_habits to :worker;
grant select, insert, update, delete on mailing_recipients to :worker;
grant select, update, delete on mailing_tests to :worker;
grant select, insert, update, delete on mailings, mailing_texts to :desk;
grant select on mailing_recipients to :desk;
grant select, insert on mailing_tests to :desk;
grant select, update on mailing_habits to :desk;
