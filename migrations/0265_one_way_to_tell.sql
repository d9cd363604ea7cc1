-- Who wants to be written to, and about what: that the machine needs somebody, or that sign-ups are not as usual.
alter table alert_requests add column about text not null default 'machine' check (about in ('machine', 'surges')), alter column asked_at set default now();
alter table alert_requests drop constraint alert_requests_pkey, add primary key (staff_id, about);
insert into alert_requests (staff_id, about) select staff_id, 'surges' from surge_readers;
drop table surge_readers;
-- What the version before asks for, while it still runs beside this one.
create view surge_readers as select staff_id, about from alert_requests where about = 'surges';
alter view surge_readers alter column about set default 'surges';
grant select on surge_readers to :worker;
grant select, insert, delete on surge_readers to :desk;

-- Mails about surges are promised with those about incidents, and sent in the same way.
alter table incident_mails drop constraint incident_mails_pkey, alter column incident_id drop not null, add column surge_id uuid references surges on delete cascade,
  add constraint incident_mails_about check (num_nonnulls(incident_id, surge_id) = 1);
create unique index incident_mails_once on incident_mails (incident_id, staff_id, part) where incident_id is not null;
create unique index incident_mails_once_of_surge on incident_mails (surge_id, staff_id) where surge_id is not null;
