-- How often people want to be written to, about what, in which language, and from when on again.

-- What a question of consent is about: everything of its controller, or only the action in which it was answered.
alter table consent_statements add column about text not null default 'controller' check (about in ('controller', 'action'));
-- Which action an answer is about; none: whatever its question is about.
alter table consents add column action_id uuid references actions;
create index consents_of_statement on consents (statement_id, person_id, recorded_at desc);

alter table people add column paused_until timestamptz;

-- For one question (a purpose, a channel and a controller), and within it for one topic where there is one. Without a row: at once.
create table preferences (
  person_id uuid not null,
  statement_id uuid not null references consent_statements,
  topic text not null default '' check (length(topic) <= 100),
  frequency text not null check (frequency in ('at-once', 'weekly', 'monthly', 'never')),
  changed_at timestamptz not null,
  primary key (person_id, statement_id, topic)
);

-- Silence changes nothing: only a yes, a no or a withdrawal counts, and the newest of them holds, for each action where the
-- question is about one. Of two at the same moment it is not the yes.
drop function current_consents;
create function current_consents(of_person uuid) returns table (statement_id uuid, answer text, recorded_at timestamptz, action_id uuid)
language sql stable as $$
  select distinct on (consents.statement_id, consents.action_id) consents.statement_id, consents.answer, consents.recorded_at, consents.action_id
  from consents where person_id = of_person and answer in ('yes', 'no', 'withdrawn')
  order by consents.statement_id, consents.action_id, recorded_at desc, answer = 'yes', id desc
$$;

-- Who may be written to by e-mail, now, under these questions, about this action and this topic: each person once, under the answer that
-- lets us write most often. Their answer is yes, the address is confirmed, nothing suppresses it, they have not paused, and they did not say "never".
create function may_be_written_to(of_statements uuid[], of_action uuid, of_topic text, at timestamptz)
returns table (person_id uuid, statement_id uuid, language text, country text, area_id text, frequency text, since timestamptz)
language sql stable as $$
  select distinct on (people.id) people.id, held.statement_id, people.language, people.country, people.area_id, often.frequency, held.recorded_at
  from (
    select distinct on (said.person_id, said.statement_id) said.person_id, said.statement_id, said.answer, said.recorded_at
    from consents said join consent_statements statement on statement.id = said.statement_id and statement.channel = 'email' and statement.id = any (of_statements)
    where said.answer in ('yes', 'no', 'withdrawn') and (statement.about = 'controller' or said.action_id = of_action)
    order by said.person_id, said.statement_id, said.recorded_at desc, said.answer = 'yes', said.id desc) held
  join people on people.id = held.person_id and people.confirmed_at is not null and coalesce(people.paused_until <= at, true)
  left join preferences as general on general.person_id = held.person_id and general.statement_id = held.statement_id and general.topic = ''
  left join preferences as narrow on narrow.person_id = held.person_id and narrow.statement_id = held.statement_id and narrow.topic = of_topic
  cross join lateral (select coalesce(narrow.frequency, general.frequency, 'at-once')) as often (frequency)
  where held.answer = 'yes' and often.frequency <> 'never' and coalesce(general.frequency, '') <> 'never'
    and not exists (select from email_indexes known join suppressions using (email_index, key_id) where known.person_id = people.id)
  order by people.id, array_position(array['at-once', 'weekly', 'monthly'], often.frequency), held.recorded_at
$$;
revoke all on function may_be_written_to from public;
grant execute on function may_be_written_to to :worker;

grant select, insert, update, delete on preferences to :worker;
grant select on preferences to :desk;
grant select (paused_until) on people to :desk;
