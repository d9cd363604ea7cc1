-- How the organisation writes, in each language: what the rules of wording go by, while editing and when pages are brought over.
create table house_styles (
  language text primary key,
  style jsonb not null,
  changed_at timestamptz not null,
  staff_id uuid
);

-- Rules that somebody does not want to hear of again at one item.
create table ignored_findings (
  item_id uuid not null references items on delete cascade,
  rule text not null check (rule ~ '^L[0-9]{2}$'),
  staff_id uuid,
  made_at timestamptz not null,
  primary key (item_id, rule)
);

grant select on house_styles, ignored_findings to :worker, :desk;
grant insert, update on house_styles to :desk;
grant insert, delete on ignored_findings to :desk;
