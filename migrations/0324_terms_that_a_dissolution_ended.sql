-- Whom announcing it took out of office, and until when each would have held it: taken away again, it never was, and they hold it as before.
alter table body_states add column ended_terms jsonb not null default '[]';
