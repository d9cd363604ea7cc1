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

-- Counts a try and says whether this browser may confirm with this code. Five wrong ones, then only the mail's link helps; a right one
-- in between gives no new tries. A code is good for a day, and only where a mail with it was promised, of which a mailbox gets few:
-- each is a ticket in a lottery for somebody else's mailbox. The newest three count.
create function try_code(of_cookie bytea, of_code bytea, at timestamptz)
returns table (outcome text, token_hash bytea, slug text, language text)
language plpgsql security definer set search_path = public as $$
declare tried int;
begin
  if not exists (select from participations p where p.cookie_hash = of_cookie and p.state = 'waiting' and p.taken_at > at - interval '1 day') then
    return query select 'nothing-waiting'::text, null::bytea, null::text, null::text;
    return;
  end if;
  insert into code_tries as known (cookie_hash, tries, first_try_at) values (of_cookie, 1, at)
  on conflict (cookie_hash) do update set tries = known.tries + 1
  returning tries into tried;
  if tried > 5 then
    return query select 'too-many'::text, null::bytea, null::text, null::text;
    return;
  end if;
  return query
    select 'right'::text, links.token_hash, actions.slug, mailed.language
    from (
      select p.* from participations p
      where p.cookie_hash = of_cookie and p.state = 'waiting' and p.taken_at > at - interval '1 day'
        and exists (select from mails where mails.participation_id = p.id and mails.person_id = p.person_id)
      order by p.taken_at desc, p.id limit 3) mailed
    join links on links.participation_id = mailed.id and links.person_id = mailed.person_id
    join actions on actions.id = mailed.action_id
    where mailed.code_hash = of_code
    limit 1;
  if not found then
    return query select 'wrong'::text, null::bytea, null::text, null::text;
  else
    update code_tries set tries = tries - 1 where cookie_hash = of_cookie;
  end if;
end $$;
revoke all on function try_code from public;
grant execute on function try_code to :site;

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
