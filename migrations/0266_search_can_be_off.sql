-- Searching is on the page of switches since there is a search; the database did not know it.
alter table switches drop constraint switches_name_check,
  add constraint switches_name_check check (name in ('signing', 'lookup', 'reminders', 'counts', 'images', 'search') or name ~ '^language:[a-z]{2,3}$');
