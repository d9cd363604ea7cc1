-- A worker that is killed says nothing any more. What it had begun is begun again a minute later, and not after the hour that the longest job may take.
update pgboss.queue set heartbeat_seconds = 60 where name <> 'dead' and name not like '\_\_%';
