-- An embassy: an office that stands for one country in another. And how much its web form takes, where an office has one.
alter table offices
  add column represents text check (represents ~ '^[A-Z]{2}$'),
  add column host text check (host ~ '^[A-Z]{2}$'),
  add column form_limit int check (form_limit > 0),
  add constraint offices_embassy check ((represents is null) = (host is null));
create index offices_embassies on offices (represents, host) where represents is not null;

-- Targets stand in groups. Rows from before are the first group: everybody in it is written to.
alter table action_targets
  add column group_number int not null default 1,
  add column embassy_of text check (embassy_of ~ '^[A-Z]{2}$'),
  drop constraint action_targets_check,
  add constraint action_targets_one_kind check (num_nonnulls(body_id, office_id, embassy_of) = 1);

-- What is special about a group: whether it gets copies only, and how its targets are chosen. Without a row all of them are written to.
create table action_groups (
  action_id uuid not null references actions on delete cascade,
  number int not null,
  role text not null check (role in ('target', 'copy')),
  mode text not null check (mode in ('all', 'choose', 'one', 'random')),
  most int not null check (most between 1 and 50),
  primary key (action_id, number)
);

-- Other words than the action's own for some targets; the words themselves are in its revisions.
create table action_variants (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  name text not null check (name <> ''),
  unique (action_id, name),
  unique (action_id, id)
);

-- One ordered list: the first rule that fits decides which words a target gets, or that it is not written to.
create table action_rules (
  action_id uuid not null references actions on delete cascade,
  position int not null,
  conditions jsonb not null,
  outcome text not null check (outcome in ('main', 'variant', 'skip')),
  variant_id uuid,
  primary key (action_id, position),
  foreign key (action_id, variant_id) references action_variants (action_id, id) on delete cascade,
  check ((outcome = 'variant') = (variant_id is not null))
);

-- Facts about areas, to be merged into the words of one action.
create table fact_columns (
  action_id uuid not null references actions on delete cascade,
  position int not null,
  name text not null check (name <> ''),
  primary key (action_id, name)
);
create table area_facts (
  action_id uuid not null references actions on delete cascade,
  area_id text not null references areas on delete cascade,
  facts jsonb not null,
  primary key (action_id, area_id)
);

-- What supporters say that they did by themselves. No more than that is known of it, and nothing of who says so.
create table contact_reports (
  id uuid primary key,
  action_id uuid not null references actions on delete cascade,
  office_id text references offices on delete set null,
  channel text not null check (channel in ('phone', 'form', 'post')),
  reported_on date not null,
  practice boolean not null
);
create index contact_reports_action on contact_reports (action_id, channel);

alter table messages
  -- A copy for information: the message itself went to others.
  add column copy boolean not null default false,
  -- Which words the supporter saw for this office; none: the action's own.
  add column variant_id uuid,
  -- The rules give this office other words today than the supporter wrote, or none.
  add column ruled_out boolean not null default false;

create or replace view public_action_targets as
select action_targets.* from action_targets join public_actions on public_actions.id = action_targets.action_id;

-- How an action's targets are chosen and which words they get, in one row.
create view public_target_choices as
select public_actions.id as action_id,
  coalesce((select jsonb_agg(jsonb_build_object('number', number, 'role', role, 'mode', mode, 'most', most) order by number) from action_groups where action_id = public_actions.id), '[]') as groups,
  coalesce((select jsonb_agg(jsonb_build_object('conditions', conditions, 'outcome', outcome, 'variant', variant_id) order by position) from action_rules where action_id = public_actions.id), '[]') as rules,
  coalesce((select jsonb_agg(name order by position) from fact_columns where action_id = public_actions.id), '[]') as facts
from public_actions where kind = 'message';

create view public_area_facts as
select area_facts.* from area_facts join public_actions on public_actions.id = area_facts.action_id;

grant select on public_target_choices, public_area_facts to :site, :worker, :desk;
grant select on action_groups, action_variants, action_rules, fact_columns, area_facts to :worker, :desk;
grant insert, update, delete on action_groups, action_variants, action_rules, fact_columns, area_facts to :desk;
grant insert on contact_reports to :site;
grant select (id) on contact_reports to :site;
grant select, delete on contact_reports to :worker;
grant select on contact_reports to :desk;
