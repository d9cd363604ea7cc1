-- As before, for as many as there are: what belongs to somebody is brought together by going once through each table, not looked up for each, which took a minute for a million
-- people. Who wrote by a form is not inactive, as `forgetInactive` has it.
create or replace function forgetting_ahead(of_clock text, kept_days int, of_now timestamptz) returns table (on_day date, people bigint, held bigint)
language plpgsql stable security definer set search_path = public set work_mem = '32MB' set enable_mergejoin = off set enable_nestloop = off as $$
begin
  return query
  with held as materialized (
    select hold.person_id from legal_holds hold where hold.lifted_at is null and hold.person_id is not null
    union select p.person_id from participations p where p.action_id = any (array(select hold.action_id from legal_holds hold where hold.lifted_at is null and hold.action_id is not null))
  ), due as (
    select p.person_id, p.taken_at as since from participations p
    where of_clock = 'unconfirmed' and (p.state in ('waiting', 'held', 'refused') or p.removed_from in ('waiting', 'held')) and not p.counted
    union all
    select asked.person_id, asked.asked_at from bulletin_requests asked where of_clock = 'unconfirmed' and asked.state in ('waiting', 'refused')
    union all
    select its.person_id, max(its.at) from (
      select text.person_id, text.participation_id, null::timestamptz as at, true as has_text, false as was_confirmed from message_texts text where text.contact is null
      union all select p.person_id, p.id, p.confirmed_at, false, true from participations p where p.confirmed_at is not null
      union all select m.person_id, m.participation_id, m.ended_at, false, false from messages m where m.ended_at is not null) its
    where of_clock = 'message-text' group by its.person_id, its.participation_id having bool_or(has_text) and bool_or(was_confirmed)
    union all
    select seen.person_id, max(seen.at) from (
      select who.id as person_id, who.created_at as at, true as is_known from people who
      union all select p.person_id, p.taken_at, false from participations p
      union all select asked.person_id, greatest(asked.asked_at, asked.confirmed_at), false from bulletin_requests asked
      union all select message.person_id, message.received_at, false from contact_messages message where message.person_id is not null) seen
    where of_clock = 'inactive' group by seen.person_id having bool_or(is_known)
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
create index messages_of_action on messages (action_id, state, rehearsal);
create index messages_sent on messages (action_id, ended_at) where state = 'accepted' and not rehearsal;
-- Those of rehearsals are counted beside the totals, which do not have them.
create index participations_rehearsed on participations (action_id) where rehearsal_id is not null;
