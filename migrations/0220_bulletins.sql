-- The bulletin of a place or topic by e-mail: who asked for it, and what of it has been sent. What it says is not kept: it is taken from what is public when it leaves.

-- Somebody asks for the bulletin of one place or topic. It is nothing before the mailbox says yes, by the link that `links` has for it under its id.
create table bulletin_requests (
  person_id uuid not null,
  id uuid not null unique,
  subject_id uuid not null references subjects on delete cascade,
  statement_id uuid not null references consent_statements,
  wording_id uuid not null references consent_wordings,
  frequency text not null check (frequency in ('at-once', 'weekly')),
  language text not null,
  state text not null check (state in ('waiting', 'confirmed', 'refused')),
  asked_at timestamptz(0) not null,
  confirmed_at timestamptz(0),
  practice boolean not null,
  primary key (person_id, id)
);
create index bulletin_requests_of on bulletin_requests (subject_id, person_id) where state = 'confirmed';
create index bulletin_requests_waiting on bulletin_requests (asked_at) where state = 'waiting';
create index preferences_topic on preferences (topic, statement_id, person_id) where topic <> '';

-- Up to which moment the bulletin of a place or topic has been told, in each of its two rhythms.
create table bulletins (
  subject_id uuid primary key references subjects on delete cascade,
  at_once_until timestamptz not null,
  weekly_until timestamptz not null,
  paused_at timestamptz
);

-- An edition is a mailing whose words are not written but found.
alter table mailings drop constraint mailings_kind_check, add constraint mailings_kind_check check (kind in ('update', 'newsletter', 'bulletin')),
  add column subject_id uuid references subjects on delete cascade,
  add column frequency text check (frequency in ('at-once', 'weekly')),
  add column covers_from timestamptz,
  add column covers_until timestamptz,
  add check ((kind = 'bulletin') = (subject_id is not null and frequency is not null and covers_from is not null and covers_until is not null));
create unique index mailings_editions on mailings (subject_id, frequency, covers_from) where kind = 'bulletin';
alter table mailing_recipients drop constraint mailing_recipients_left_out_check,
  add constraint mailing_recipients_left_out_check check (left_out in ('no-consent', 'suppressed', 'bounced', 'paused', 'frequency', 'language', 'gone', 'stopped', 'empty'));
alter table mailing_tests alter column mailing_id drop not null, add column subject_id uuid references subjects on delete cascade, add check ((mailing_id is null) <> (subject_id is null));
-- When weekly ones leave, by the publisher's clock (1 is Monday), and how long nothing more must have been published before one is told at once.
alter table mailing_habits add column weekly_day smallint not null default 5 check (weekly_day between 1 and 7), add column weekly_at text not null default '09:00' check (weekly_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  add column settle_minutes smallint not null default 30 check (settle_minutes between 5 and 720);

alter table mails drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in ('confirm', 'reminder', 'already', 'receipt', 'did-they-reply', 'data-link', 'new-address', 'address-notice', 'bulletin'));

-- The question that is asked of whoever wants it: the oldest that is asked, in its newest words of each language.
create view public_bulletin_question as
select distinct on (wording.language) statement.id as statement_id, wording.id as wording_id, wording.language, wording.wording
from consent_statements statement join consent_wordings wording on wording.statement_id = statement.id
where statement.id = (
  select first.id from consent_statements first join controllers on controllers.id = first.controller_id
  where first.purpose = 'bulletin' and first.channel = 'email' and first.about = 'controller' and first.retired_at is null and controllers.publisher order by first.created_at, first.id limit 1)
order by wording.language, wording.version desc;

-- What the link of a bulletin is about: nothing of whoever has it but how often they want it.
create function bulletin_link(of_token bytea) returns table (subject_id uuid, language text, state text, frequency text)
language sql stable security definer set search_path = public as $$
  select request.subject_id, request.language, request.state, coalesce(wanted.frequency, request.frequency)
  from links join bulletin_requests request on request.person_id = links.person_id and request.id = links.participation_id
  left join preferences wanted on wanted.person_id = request.person_id and wanted.statement_id = request.statement_id and wanted.topic = request.subject_id::text
  where links.token_hash = of_token
$$;

-- As before; and the link of a bulletin lets its reader out of all mail, and to their own data.
create or replace function link_status(of_token bytea, of_cookie bytea)
returns table (slug text, kind text, language text, state text, same_browser boolean, rehearsing boolean, confirmed_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = public as $$
  select actions.slug, actions.kind, participations.language, participations.state,
    coalesce(participations.cookie_hash = of_cookie, false), participations.rehearsal_id is not null, participations.confirmed_at, participations.ended_at
  from links
  join participations on participations.person_id = links.person_id and participations.id = links.participation_id
  join actions on actions.id = participations.action_id
  where links.token_hash = of_token
  union all
  select '', 'bulletin', request.language, request.state, false, false, request.confirmed_at, null
  from links join bulletin_requests request on request.person_id = links.person_id and request.id = links.participation_id where links.token_hash = of_token
$$;
create or replace function data_token(of_token bytea, at timestamptz) returns text
language sql stable security definer set search_path = public as $$
  select case
    when exists (select from links join participations p on p.person_id = links.person_id and p.id = links.participation_id where links.token_hash = of_token and p.rehearsal_id is null) then 'data'
    when exists (select from links join bulletin_requests request on request.person_id = links.person_id and request.id = links.participation_id where links.token_hash = of_token and request.state = 'confirmed') then 'data'
    else coalesce(
      (select case when expires_at > at then 'data' else 'expired' end from data_links where data_links.token_hash = of_token),
      (select case when expires_at > at then 'address' else 'expired' end from address_changes where address_changes.token_hash = of_token))
  end
$$;

-- As before; and who asked for a bulletin took part in something.
create or replace function forgetting_ahead(of_clock text, kept_days int, of_now timestamptz) returns table (on_day date, people bigint, held bigint)
language plpgsql stable security definer set search_path = public as $$
-- Asked once: without any hold nobody is looked up for one.
declare any_hold boolean := exists (select from legal_holds where lifted_at is null);
begin
  if of_clock = 'unconfirmed' then
    return query select greatest(p.taken_at + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and is_held(p.person_id))), count(*) filter (where any_hold and is_held(p.person_id))
      from (
        select person_id, taken_at from participations where (state in ('waiting', 'held', 'refused') or removed_from in ('waiting', 'held')) and not counted
        union all select person_id, asked_at from bulletin_requests where state in ('waiting', 'refused')) p group by 1 order by 1;
  elsif of_clock = 'message-text' then
    return query select greatest(greatest(p.confirmed_at, coalesce(sent.last_at, p.confirmed_at)) + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and is_held(p.person_id))), count(*) filter (where any_hold and is_held(p.person_id))
      from message_texts text join participations p on p.person_id = text.person_id and p.id = text.participation_id
      left join lateral (select max(m.ended_at) as last_at from messages m where m.person_id = p.person_id and m.participation_id = p.id) sent on true
      where text.contact is null and p.confirmed_at is not null group by 1 order by 1;
  elsif of_clock = 'inactive' then
    return query select greatest(seen.last_at + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and is_held(seen.id))), count(*) filter (where any_hold and is_held(seen.id))
      from (
        select who.id, greatest(who.created_at, max(p.taken_at), (select max(greatest(request.asked_at, request.confirmed_at)) from bulletin_requests request where request.person_id = who.id)) as last_at
        from people who left join participations p on p.person_id = who.id group by who.id, who.created_at) seen group by 1 order by 1;
  elsif of_clock = 'contact-messages' then
    return query select greatest(message.received_at + kept_days * interval '1 day', of_now)::date, count(*) filter (where not (any_hold and message.person_id is not null and is_held(message.person_id))), count(*) filter (where any_hold and message.person_id is not null and is_held(message.person_id))
      from contact_messages message group by 1 order by 1;
  end if;
end $$;

revoke all on function bulletin_link from public;
grant execute on function bulletin_link to :site;
grant select on public_bulletin_question to :site, :worker, :desk;
grant select, insert, update, delete on bulletin_requests to :worker;
grant select on bulletin_requests to :desk;
grant select, insert, update on bulletins to :worker, :desk;
-- Editions are made by the worker: nobody writes them.
grant insert, delete on mailings to :worker;
