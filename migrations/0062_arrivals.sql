-- Who has just been confirmed and is not in the totals yet: the tick adds these up and empties them, and their participations are not written once more for it.
create table count_arrivals (
  id bigint generated always as identity primary key,
  action_id uuid not null,
  country text,
  area_id text,
  source text,
  language text not null,
  confirmed_at timestamptz(0) not null
);
-- It fills and empties all day: what is dead in it is cleared away early.
alter table count_arrivals set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000000);
grant select, insert, delete on count_arrivals to :worker;
