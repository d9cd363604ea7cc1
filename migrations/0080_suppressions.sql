-- Who must not be written to, about what and why. A row is a fingerprint of an address; it outlives the person, and no key that made one is ever deleted.

-- Several reasons may hold for one address at once, and each ends by itself.
alter table suppressions
  -- The action, where the scope is one action.
  add subject text not null default '',
  -- Made while nothing left this machine: gone when practice ends.
  add practice boolean not null default false,
  drop constraint suppressions_scope_check, drop constraint suppressions_reason_check, drop constraint suppressions_pkey,
  add constraint suppressions_scope_check check (scope in ('everything', 'updates', 'newsletter', 'action') and (scope = 'action') = (subject <> '')),
  add constraint suppressions_reason_check check (reason in ('unsubscribed', 'not-me', 'erased', 'staff', 'bounced', 'complaint', 'phone', 'letter')),
  add primary key (email_index, key_id, scope, subject, reason, practice);

-- Whether somebody must not be written to: `about` is confirm (asking whether it was them), part (what belongs to taking part, such as a receipt),
-- action (news of one action), newsletter. A mailbox that bounced may be asked once more, because whoever signs says that it works.
create function suppressed(of_person uuid, about text, of_action uuid default null) returns boolean
language sql stable as $$
  select exists (
    select from email_indexes known join suppressions held using (email_index, key_id)
    where known.person_id = of_person and case held.scope
      when 'everything' then about <> 'confirm' or held.reason <> 'bounced'
      when 'updates' then about in ('action', 'newsletter')
      when 'newsletter' then about = 'newsletter'
      else about = 'action' and held.subject = of_action::text end)
$$;

-- As before, but suppressions that are about other mail hold nothing back: the newsletter's not the news of an action, and one action's not another's.
create or replace function may_be_written_to(of_statements uuid[], of_action uuid, of_topic text, at timestamptz)
returns table (person_id uuid, statement_id uuid, language text, country text, area_id text, frequency text, since timestamptz)
language sql stable as $$
  select distinct on (people.id) people.id, held.statement_id, people.language, people.country, people.area_id, often.frequency, held.recorded_at
  from (
    select distinct on (said.person_id, said.statement_id) said.person_id, said.statement_id, said.answer, said.recorded_at, statement.about
    from consents said join consent_statements statement on statement.id = said.statement_id and statement.channel = 'email' and statement.id = any (of_statements)
    where said.answer in ('yes', 'no', 'withdrawn') and (statement.about = 'controller' or said.action_id = of_action)
    order by said.person_id, said.statement_id, said.recorded_at desc, said.answer = 'yes', said.id desc) held
  join people on people.id = held.person_id and people.confirmed_at is not null and coalesce(people.paused_until <= at, true)
  left join preferences as general on general.person_id = held.person_id and general.statement_id = held.statement_id and general.topic = ''
  left join preferences as narrow on narrow.person_id = held.person_id and narrow.statement_id = held.statement_id and narrow.topic = of_topic
  cross join lateral (select coalesce(narrow.frequency, general.frequency, 'at-once')) as often (frequency)
  where held.answer = 'yes' and often.frequency <> 'never' and coalesce(general.frequency, '') <> 'never'
    and not exists (
      select from email_indexes known join suppressions kept using (email_index, key_id)
      where known.person_id = people.id and (kept.scope in ('everything', 'updates') or (kept.scope = 'newsletter' and held.about = 'controller') or (kept.scope = 'action' and kept.subject = of_action::text)))
  order by people.id, array_position(array['at-once', 'weekly', 'monthly'], often.frequency), held.recorded_at
$$;

-- What staff ask the worker about an address, which it alone can recognise: the address is sealed.
create table suppression_requests (
  id uuid primary key,
  staff_id uuid not null,
  audit_line uuid not null,
  kind text not null check (kind in ('look', 'add', 'lift')),
  query bytea not null,
  scope text check (scope in ('everything', 'updates', 'newsletter')),
  reason text check (reason in ('phone', 'letter', 'staff')),
  -- Lifting: whether the person has said by themselves that they want mail again.
  own_wish boolean not null default false,
  practice boolean not null,
  created_at timestamptz not null,
  answered_at timestamptz,
  -- What holds for the address afterwards; nothing of the address.
  answer jsonb,
  check (kind <> 'add' or (scope is not null and reason is not null))
);

-- Nothing that comes in by a form, a file or another program ends a suppression: the worker adds rows, and ends them by these functions alone.
revoke update, delete on suppressions from :worker;

-- The owner of an address has said yes again, in a form that they confirmed, after it was suppressed.
create function lift_by_consent(of_people uuid[]) returns void
language sql security definer set search_path = public as $$
  delete from suppressions held using email_indexes known
  where known.person_id = any (of_people) and held.email_index = known.email_index and held.key_id = known.key_id and held.reason <> 'bounced'
    and exists (
      select from consents said join consent_statements statement on statement.id = said.statement_id
      where said.person_id = known.person_id and statement.channel = 'email' and said.answer = 'yes' and said.way not in ('staff', 'import', 'api') and said.recorded_at > held.created_at)
$$;

-- A mail arrived there: somebody followed its link.
create function lift_bounced(of_people uuid[]) returns void
language sql security definer set search_path = public as $$
  delete from suppressions held using email_indexes known
  where known.person_id = any (of_people) and held.email_index = known.email_index and held.key_id = known.key_id and held.reason = 'bounced'
$$;

-- Staff said so, with a reason in the log. Who complained about us is written to again only if they said so themselves.
create function lift_for_staff(of_request uuid, indexes bytea[], key_ids smallint[]) returns void
language sql security definer set search_path = public as $$
  delete from suppressions held using suppression_requests request join audit_log line on line.id = request.audit_line and line.verb = 'lift-suppression' and line.reason <> ''
  where request.id = of_request and request.kind = 'lift' and request.answered_at is null
    and (held.email_index, held.key_id) in (select * from unnest(indexes, key_ids)) and (held.reason <> 'complaint' or request.own_wish)
$$;

create function end_practice_suppressions() returns void
language sql security definer set search_path = public as $$
  delete from suppressions where practice
$$;

revoke all on function suppressed, lift_by_consent, lift_bounced, lift_for_staff, end_practice_suppressions from public;
grant execute on function suppressed, lift_by_consent, lift_bounced, lift_for_staff, end_practice_suppressions to :worker;
grant select (scope, reason, created_at, practice) on suppressions to :desk;
grant select (id, staff_id, kind, created_at, answered_at, answer), insert on suppression_requests to :desk;
grant select, update, delete on suppression_requests to :worker;

select pgboss.create_queue('suppressions.answer', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 3600, "deadLetter": "dead", "notify": true}');
