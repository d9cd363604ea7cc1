-- Something new that somebody should look at: the audit log is another than it was.
alter table incidents drop constraint incidents_kind_check,
  add constraint incidents_kind_check check (kind in ('lag', 'mail', 'disk', 'backup', 'worker', 'returned', 'audit'));
