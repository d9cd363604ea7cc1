-- Bills and the like, proceedings before courts and other bodies, and what other organisations offer, as records.
alter table records drop constraint records_kind_check;
alter table records add constraint records_kind_check check (kind in ('figure', 'quote', 'demand', 'notice', 'text', 'measure', 'proceeding', 'elsewhere'));
-- When somebody last made sure that it still holds: that the bill stands where it stood, that the page elsewhere is there.
alter table records add checked_on date;

-- What is held elsewhere is over once it is stopped, or the day after it expires, by the publisher's own clock.
create function record_over(kind text, content jsonb, at timestamptz) returns boolean language sql stable as $$
  select kind = 'elsewhere' and (coalesce((content ->> 'stopped')::boolean, false)
    or coalesce(nullif(content ->> 'expiresOn', '')::date < (at at time zone (select zone from publisher))::date, false))
$$;
create or replace view public_records as
select records.id, records.kind, records.handle, revision.id as revision_id, revision.content, pointer.from_at
from records join record_publications pointer on pointer.record_id = records.id join record_revisions revision on revision.id = pointer.revision_id
where pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now())
  and (records.kind <> 'elsewhere' or not record_over(records.kind, revision.content, now()));
