-- Who of the staff was told that somebody has written to them by the form of a place or topic, and who is to be.
create table contact_notices (
  staff_id uuid primary key references staff on delete cascade,
  told_at timestamptz,
  due_at timestamptz,
  attempts int not null default 0
);
grant select, insert, update on contact_notices to :worker;
-- Whom that concerns: who looks after the place.
grant select (staff_id, place) on staff_places to :worker;
