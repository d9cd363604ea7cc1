-- As before, for as many as there are: what belongs to somebody is brought together once, not looked up for each. Who wrote by a form is not inactive, as `forgetInactive` has it.
create or replace function forgetting_ahead(of_clock text, kept_days int, of_now timestamptz) returns table (on_day date, people bigint, held bigint)
language plpgsql stable security definer set search_path = public set work_mem = '32MB' as $$
begin
  return query
  with held as materialized (
    select hold.person_id from legal_holds hold where hold.lifted_at is null and hold.person_id is not null
    union select p.person_id from legal_holds hold join participations p on p.action_id = hold.action_id where hold.lifted_at is null
  ), due as (
    select p.person_id, p.taken_at as since from participations p
    where of_clock = 'unconfirmed' and (p.state in ('waiting', 'held', 'refused') or p.removed_from in ('waiting', 'held')) and not p.counted
    union all
    select asked.person_id, asked.asked_at from bulletin_requests asked where of_clock = 'unconfirmed' and asked.state in ('waiting', 'refused')
    union all
    select p.person_id, greatest(p.confirmed_at, sent.last_at)
    from message_texts text join participations p on p.person_id = text.person_id and p.id = text.participation_id
    left join (select m.person_id, m.participation_id, max(m.ended_at) as last_at from messages m group by 1, 2) sent on sent.person_id = p.person_id and sent.participation_id = p.id
    where of_clock = 'message-text' and text.contact is null and p.confirmed_at is not null
    union all
    select who.id, greatest(who.created_at, taken.last_at, asked.last_at, wrote.last_at)
    from people who
    left join (select p.person_id, max(p.taken_at) as last_at from participations p group by 1) taken on taken.person_id = who.id
    left join (select request.person_id, max(greatest(request.asked_at, request.confirmed_at)) as last_at from bulletin_requests request group by 1) asked on asked.person_id = who.id
    left join (select message.person_id, max(message.received_at) as last_at from contact_messages message group by 1) wrote on wrote.person_id = who.id
    where of_clock = 'inactive'
    union all
    select message.person_id, message.received_at from contact_messages message where of_clock = 'contact-messages'
  )
  select greatest(due.since + kept_days * interval '1 day', of_now)::date, count(*) filter (where held.person_id is null), count(*) filter (where held.person_id is not null)
  from due left join held on held.person_id = due.person_id group by 1 order by 1;
end $$;

-- What few are in, and what the desk counts on each of its pages.
create index participations_apart on participations (action_id, taken_at desc) where state not in ('waiting', 'confirmed');
create index messages_waiting on messages (office_id) where state = 'waiting';
create index messages_ended_badly on messages (ended_at) where state in ('failed', 'unknown');
create index messages_sent on messages (action_id, ended_at) where state = 'accepted' and not rehearsal;
