-- That this database was put back from a copy, and what came of that, until somebody has understood it.
create table restorations (
  id bigint generated always as identity primary key,
  noticed_at timestamptz not null,
  -- When the copy was made, or last seen at work.
  copy_of timestamptz,
  -- Whether there was a register of erasures to go by.
  register boolean not null,
  erased integer not null,
  suppressed integer not null,
  -- What was on its way in the copy, and may have left since.
  messages integer not null,
  recipients integer not null,
  mailings integer not null,
  understood_at timestamptz,
  staff_id uuid references staff
);
grant select, insert on restorations to :worker;
grant select on restorations to :desk;
grant update (understood_at, staff_id) on restorations to :desk;
