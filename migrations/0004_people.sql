-- Distributed by person where there is more than one machine, so every key of what hangs on a person begins with the person's id.
create table people (
  id uuid primary key,
  contact bytea not null,
  language text not null,
  country text,
  area_id text,
  created_at timestamptz not null,
  confirmed_at timestamptz
);

-- From an address to a person, without the address: HMAC-SHA256 under a key that only the worker holds.
create table email_indexes (
  email_index bytea not null check (octet_length(email_index) = 32),
  key_id smallint not null,
  person_id uuid not null,
  primary key (email_index, key_id)
);
create index email_indexes_person on email_indexes (person_id);

create table suppressions (
  email_index bytea not null check (octet_length(email_index) = 32),
  key_id smallint not null,
  scope text not null check (scope in ('updates', 'everything')),
  reason text not null check (reason in ('unsubscribed', 'not-me', 'erased', 'staff')),
  created_at timestamptz not null,
  primary key (email_index, key_id, scope)
);

-- Confirmation mails that nobody answered, by the stricter index (no dots, no plus tags): at most five in 30 days.
-- One row for a mailbox, so that two workers that write to it at once take turns.
create table unanswered_mails (
  strict_index bytea primary key,
  mail_ids uuid[] not null,
  sent_at timestamptz[] not null,
  newest_at timestamptz not null,
  check (cardinality(mail_ids) = cardinality(sent_at) and cardinality(mail_ids) <= 5)
);

-- Who is responsible for data: the publisher itself, and partners on a joint action.
create table controllers (
  id uuid primary key,
  publisher boolean not null default false,
  names jsonb not null,
  privacy_url text,
  retired_at timestamptz
);
create unique index controllers_publisher on controllers (publisher) where publisher;

create table consent_statements (
  id uuid primary key,
  purpose text not null,
  channel text not null check (channel in ('email', 'phone', 'post', 'public-name')),
  controller_id uuid not null references controllers,
  created_at timestamptz not null,
  retired_at timestamptz
);

-- A wording is never edited: a change is a new version, and every answer points at the words that were shown.
create table consent_wordings (
  id uuid primary key,
  statement_id uuid not null references consent_statements on delete cascade,
  language text not null,
  version int not null,
  wording text not null check (wording <> ''),
  created_at timestamptz not null,
  unique (statement_id, language, version)
);

create table consents (
  person_id uuid not null,
  id uuid not null,
  statement_id uuid not null references consent_statements,
  wording_id uuid references consent_wordings,
  answer text not null check (answer in ('yes', 'no', 'not-answered', 'not-shown', 'withdrawn')),
  way text not null check (way in ('form', 'one-click', 'unsubscribe-page', 'staff')),
  participation_id uuid,
  presented_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (person_id, id)
);
create index consents_latest on consents (person_id, statement_id, recorded_at desc);

-- Browsers that confirmed an address lately; the browser has the token, we have its hash.
create table known_browsers (
  token_hash bytea primary key,
  person_id uuid not null,
  expires_at timestamptz not null
);
create index known_browsers_person on known_browsers (person_id);

-- A staff member looks for a person by address: the address is sealed for the worker, which answers with an id.
create table person_searches (
  id uuid primary key,
  staff_id uuid not null,
  query bytea not null,
  created_at timestamptz not null,
  answered_at timestamptz,
  person_id uuid
);

-- The worker's index keys, sealed for the contact key: so that one sheet of paper can carry everything that is needed after a loss.
create table recovery_keys (
  id smallint primary key default 1 check (id = 1),
  index_keys bytea not null
);
grant select, insert, update on recovery_keys to :worker;
grant select on recovery_keys to :desk;

create function current_consents(of_person uuid) returns table (statement_id uuid, answer text, recorded_at timestamptz)
language sql stable as $$
  -- Silence changes nothing: only a yes, a no or a withdrawal counts, and the newest of them holds.
  select distinct on (statement_id) statement_id, answer, recorded_at
  from consents where person_id = of_person and answer in ('yes', 'no', 'withdrawn')
  order by statement_id, recorded_at desc, id desc
$$;

grant select, insert, update, delete on people, email_indexes, suppressions, unanswered_mails, known_browsers to :worker;
grant select, insert, delete on consents to :worker;
grant select on controllers, consent_statements, consent_wordings to :worker, :desk;
grant insert on consent_wordings to :desk;
grant insert on controllers, consent_statements to :desk;
grant update on controllers to :desk;
grant update (retired_at) on consent_statements to :desk;
grant select (id, language, country, area_id, created_at, confirmed_at) on people to :desk;
grant select on consents to :desk;
grant select, insert on person_searches to :desk;
grant select, update, delete on person_searches to :worker;
