-- How offices want to be written to, and how their servers take it.

-- How fast, how many a day, and whether in one mail: for all mailboxes, for all domains, for one domain, for one office. What is null falls back to the wider rule.
create table sending_rules (
  scope text not null check (scope in ('offices', 'domains', 'domain', 'office')),
  -- A domain or an office's id; empty where the rule is for all of them.
  subject text not null,
  per_minute numeric check (per_minute between 0.2 and 6000),
  daily_cap int check (daily_cap between 1 and 1000000),
  digest boolean,
  digest_hour int check (digest_hour between 0 and 23),
  primary key (scope, subject),
  check ((scope in ('offices', 'domains')) = (subject = '')),
  check (scope in ('offices', 'office') or (digest is null and digest_hour is null)),
  check (scope = 'office' or digest is null)
);

-- A second address of an office, for what its first one refuses for good.
create table office_alternates (
  office_id text primary key references offices on delete cascade,
  address text not null check (address like '%@%'),
  source text not null,
  checked_on date not null
);

-- What servers answered, by day: for each domain, and for each mailbox of an office.
create table sending_days (
  scope text not null check (scope in ('domain', 'mailbox')),
  subject text not null,
  day date not null,
  accepted int not null default 0,
  refused int not null default 0,
  deferred int not null default 0,
  unknown int not null default 0,
  primary key (scope, subject, day)
);

-- A domain or mailbox that refuses again and again is left alone for a while, each time for longer.
create table sending_rests (
  scope text not null check (scope in ('domain', 'mailbox')),
  subject text not null,
  -- Refusals since it last took something.
  in_a_row int not null,
  -- Pauses since then.
  rests int not null,
  rested_until timestamptz,
  problem text not null default '',
  changed_at timestamptz not null,
  primary key (scope, subject)
);

-- An office is not written to by e-mail because staff decided so, until a day or until they decide otherwise.
create table office_opt_outs (
  id uuid primary key,
  office_id text not null references offices on delete cascade,
  reason text not null check (reason <> ''),
  -- What supporters read.
  note text not null default '',
  until date,
  decided_at timestamptz not null,
  decided_by uuid,
  resumed_at timestamptz,
  resumed_by uuid,
  resumed_reason text not null default '',
  check ((resumed_at is null) = (resumed_reason = ''))
);
create unique index office_opt_outs_current on office_opt_outs (office_id) where resumed_at is null;

create view public_opt_outs as
select office_id, decided_at::date as since, until, note from office_opt_outs where resumed_at is null;

-- Many messages to one office in one mail, at most one a day; sent at most once: `sending` is committed before the words go out.
create table digests (
  id uuid primary key,
  office_id text not null,
  official_id text,
  practice boolean not null,
  period date not null,
  state text not null check (state in ('queued', 'sending', 'accepted', 'failed', 'unknown')),
  -- Whether it goes to the office's second address, because the first one refused it for good.
  alternate boolean not null default false,
  messages int not null default 0,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  due_at timestamptz not null,
  sending_at timestamptz,
  attempts int not null default 0,
  problem text,
  planned_at timestamptz not null,
  ended_at timestamptz,
  unique (office_id, practice, period)
);
create index digests_due on digests (practice, due_at) where state = 'queued';
create index digests_sending on digests (sending_at) where state = 'sending';

-- How many used the publisher's words as they were, and how many made them their own.
create table digest_texts (
  digest_id uuid not null references digests on delete cascade,
  revision_id uuid not null references action_revisions on delete cascade,
  unchanged int not null,
  changed int not null,
  primary key (digest_id, revision_id)
);

alter table messages
  -- Supporters were told that theirs goes in one mail with others.
  add in_digest boolean not null default false,
  add digest_id uuid references digests on delete set null,
  -- Whether it goes to the office's second address, because the first one refused it for good.
  add alternate boolean not null default false,
  -- Supporters were told that we ask once whether they were answered.
  add will_ask boolean not null default false,
  add asked_at timestamptz,
  add reply text check (reply in ('none', 'standard', 'real', 'unsaid')),
  add replied_at timestamptz,
  add check ((reply is null) = (replied_at is null)),
  drop constraint messages_waiting_for_check,
  add constraint messages_waiting_for_check check (waiting_for in ('address', 'holder', 'successor', 'opt-out'));

-- Messages that go one by one are found along an index that those for a digest do not fill.
drop index messages_queue;
create index messages_queue on messages (practice, action_id, office_id, due_at) where state = 'queued' and not in_digest;
create index messages_for_digests on messages (practice, action_id, office_id, promised_at) where state = 'queued' and in_digest;
create index messages_of_digest on messages (digest_id) where digest_id is not null;
create index messages_of_office on messages (office_id, promised_at desc);
create index messages_taken on messages (office_id, person_id) where state = 'accepted' and not rehearsal;
create index messages_to_ask on messages (ended_at) where state = 'accepted' and will_ask and asked_at is null;

alter table mails drop constraint mails_kind_check, add constraint mails_kind_check check (kind in ('confirm', 'reminder', 'already', 'receipt', 'did-they-reply'));

-- How many people wrote to an office, and what they say came back: in one action, or in all (no action). Counted again when something has changed.
create table office_tallies (
  office_id text not null,
  action_id uuid references actions on delete cascade,
  people bigint not null,
  first_on date not null,
  no_reply bigint not null,
  standard_reply bigint not null,
  real_reply bigint not null,
  unique nulls not distinct (office_id, action_id)
);
create index office_tallies_of_action on office_tallies (action_id, people desc);
create table office_changes (
  office_id text primary key
);

create view public_office_tallies as
select tally.office_id, tally.action_id, case when tally.people >= 10 then tally.people end as people, tally.first_on,
  case when replies.total >= 10 then tally.no_reply end as no_reply, case when replies.total >= 10 then tally.standard_reply end as standard_reply,
  case when replies.total >= 10 then tally.real_reply end as real_reply
from office_tallies tally cross join lateral (select tally.no_reply + tally.standard_reply + tally.real_reply as total) replies
where tally.people > 0 and (tally.action_id is null or exists (select from public_actions where public_actions.id = tally.action_id));

-- What an office said in public, and where that can be read.
create table office_replies (
  id uuid primary key,
  office_id text not null references offices on delete cascade,
  official_id text references officials on delete set null,
  action_id uuid references actions on delete set null,
  said_on date not null,
  language text not null,
  words text not null check (words <> ''),
  source text not null check (source <> ''),
  source_url text check (source_url ~ '^https?://'),
  recorded_at timestamptz not null,
  recorded_by uuid,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdrawn_reason text not null default '',
  check ((withdrawn_at is null) = (withdrawn_reason = ''))
);
create index office_replies_of_office on office_replies (office_id, said_on desc);
create index office_replies_of_action on office_replies (action_id, said_on desc);

create view public_replies as
select reply.id, reply.office_id, reply.official_id, reply.action_id, reply.said_on, reply.language, reply.words, reply.source, reply.source_url
from office_replies reply
where reply.withdrawn_at is null and (reply.action_id is null or exists (select from public_actions where public_actions.id = reply.action_id));

-- What a digest's link shows the office: how many, on which day, in which action, in which words; names only of those who asked to have them shown.
create function digest_numbers(of_token bytea) returns jsonb
language sql stable security definer set search_path = public as $$
  select jsonb_build_object('office', digests.office_id, 'ended', digests.ended_at, 'messages', digests.messages,
    'days', (select coalesce(jsonb_agg(jsonb_build_object('action', action_id, 'day', day, 'people', people) order by day, action_id), '[]') from (
      select action_id, (promised_at at time zone 'UTC')::date as day, count(distinct person_id) as people from messages where digest_id = digests.id group by 1, 2) days),
    'texts', (select coalesce(jsonb_agg(jsonb_build_object('action', revision.action_id, 'language', revision.language, 'subject', revision.words ->> 'subject', 'body', revision.words ->> 'body',
        'unchanged', digest_texts.unchanged, 'changed', digest_texts.changed) order by digest_texts.unchanged + digest_texts.changed desc, revision.id), '[]')
      from digest_texts join action_revisions revision on revision.id = digest_texts.revision_id where digest_texts.digest_id = digests.id),
    'names', (select coalesce(jsonb_agg(shown.shown_name order by shown.shown_name), '[]') from messages
      join public_names shown on shown.person_id = messages.person_id and shown.participation_id = messages.participation_id and shown.state = 'shown' where messages.digest_id = digests.id))
  from digests where token_hash = of_token and state in ('accepted', 'unknown', 'sending')
$$;
revoke all on function digest_numbers from public;
grant execute on function digest_numbers to :site;

-- Which offices a supporter is asked about who has the link of the mail.
create function asked_about(of_token bytea) returns table (office_id text, reply text)
language sql stable security definer set search_path = public as $$
  select messages.office_id, messages.reply from links
  join messages on messages.person_id = links.person_id and messages.participation_id = links.participation_id
  where links.token_hash = of_token and messages.asked_at is not null and messages.state = 'accepted'
  order by messages.own desc, messages.office_id
$$;
revoke all on function asked_about from public;
grant execute on function asked_about to :site;

grant select on public_opt_outs, public_office_tallies, public_replies to :site, :worker, :desk;
grant select (scope, subject, digest) on sending_rules to :site;
grant select on sending_rules, office_alternates to :worker, :desk;
grant insert, update, delete on sending_rules, office_alternates to :desk;
grant select, insert, update, delete on sending_days, sending_rests, digests, office_tallies, office_changes to :worker;
grant select, insert, delete on digest_texts to :worker;
grant select on sending_days, sending_rests, digest_texts, office_tallies to :desk;
grant select (id, office_id, official_id, practice, period, state, alternate, messages, due_at, sending_at, attempts, problem, planned_at, ended_at) on digests to :desk;
grant update (rested_until) on sending_rests to :desk;
grant select on office_opt_outs, office_replies to :worker, :desk;
grant insert, update on office_opt_outs, office_replies to :desk;
