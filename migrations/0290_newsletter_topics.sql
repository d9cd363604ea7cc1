-- What newsletters are about, for those who want some of it and not the rest: places and topics that the publisher offers on the page of somebody's own data.
-- One that is offered no more stays, so that whoever chose it can still see that and leave it.
create table newsletter_topics (
  subject_id uuid primary key references subjects on delete cascade,
  since timestamptz not null,
  ended_at timestamptz
);
-- What they are called, for the page on which a reader leaves one of them. They need no page of their own.
create view public_newsletter_topics as
select topic.subject_id, name.language, name.name from newsletter_topics topic join subject_names name on name.subject_id = topic.subject_id and name.shown;

-- As before; but what somebody said of one topic holds for it, also where they want nothing else.
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
  where held.answer = 'yes' and often.frequency <> 'never'
    and not exists (
      select from email_indexes known join suppressions kept using (email_index, key_id)
      where known.person_id = people.id and (kept.scope in ('everything', 'updates') or (kept.scope = 'newsletter' and held.about = 'controller') or (kept.scope = 'action' and kept.subject = of_action::text)))
  order by people.id, array_position(array['at-once', 'weekly', 'monthly'], often.frequency), held.recorded_at
$$;

-- After which mailing somebody left its topic: few rows, looked for every quarter of a minute.
create index preferences_left on preferences (changed_at) where topic <> '' and frequency = 'never';

grant select on public_newsletter_topics to :site, :worker, :desk;
grant select on newsletter_topics to :worker, :desk;
grant insert, update on newsletter_topics to :desk;
