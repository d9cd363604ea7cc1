-- What is switched off for everybody, by name. A row is there as long as it is off; who turned what off and on again and why is in the audit log.
create table switches (
  name text primary key check (name in ('signing', 'lookup', 'reminders', 'counts', 'images') or name ~ '^language:[a-z]{2,3}$'),
  off_since timestamptz not null,
  reason text not null check (reason <> ''),
  staff_id uuid references staff
);
grant select (name, off_since) on switches to :site;
grant select on switches to :worker;
grant select, insert, delete on switches to :desk;

-- Who wants to be written to when the machine needs somebody.
create table alert_requests (
  staff_id uuid primary key references staff on delete cascade,
  asked_at timestamptz not null
);
grant select on alert_requests to :worker;
grant select, insert, delete on alert_requests to :desk;

-- Something about the machine that somebody should look at, from when to when. One of a kind at a time.
create table incidents (
  id uuid primary key,
  kind text not null check (kind in ('lag', 'mail', 'disk', 'backup', 'worker')),
  began_at timestamptz not null,
  -- Since when it has looked well again; it is over once that has lasted.
  calm_since timestamptz,
  ended_at timestamptz
);
create unique index incidents_once on incidents (kind) where ended_at is null;

-- Two mails to each who asked: that it began, and that it is over. Promised with what they are about.
create table incident_mails (
  incident_id uuid not null references incidents on delete cascade,
  staff_id uuid not null references staff on delete cascade,
  part text not null check (part in ('began', 'ended')),
  due_at timestamptz not null,
  attempts int not null default 0,
  sent_at timestamptz,
  primary key (incident_id, staff_id, part)
);
create index incident_mails_due on incident_mails (due_at) where sent_at is null;
grant select, insert, update, delete on incidents, incident_mails to :worker;
grant select, insert, update on incidents, incident_mails to :desk;

-- The last sign of life of any worker.
create table heartbeats (
  process text primary key check (process = 'worker'),
  beat_at timestamptz not null
);
grant select, insert, update on heartbeats to :worker;
grant select on heartbeats to :desk;
grant select (language, left_at) on staff to :worker;

-- What was refused or could not be handed in, by when: few rows, looked for every quarter of a minute.
create index mails_in_trouble on mails ((coalesce(ended_at, due_at))) where problem is not null and state in ('queued', 'failed');
create index messages_in_trouble on messages ((coalesce(ended_at, due_at))) where problem is not null and state in ('queued', 'failed');
