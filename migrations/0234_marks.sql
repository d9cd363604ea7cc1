-- What in a published version goes stale by itself, and from which day on: words such as "new", somebody's age, a hearing. One row without a mark says that it was looked at.
create table revision_marks (
  revision_id uuid not null references item_revisions on delete cascade,
  mark text not null check (mark in ('', 'new', 'age', 'hearing', 'no-source')),
  due_on date,
  primary key (revision_id, mark),
  check ((mark = '') = (due_on is null))
);
create index revision_marks_due on revision_marks (mark, due_on) where due_on is not null;
grant select, insert on revision_marks to :worker;
grant select on revision_marks to :desk;
