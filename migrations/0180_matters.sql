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

-- Who readers turn to about a place or topic: by role, and by name where they want that. How to reach them is a form, never an address.
create table contacts (
  id uuid primary key,
  subject_id uuid not null references subjects on delete cascade,
  -- Who of the staff this is at present; what they look after is handed over together with this.
  staff_id uuid references staff,
  says jsonb not null,
  -- In which languages they can be written to.
  languages text[] not null default '{}',
  created_at timestamptz not null
);
create index contacts_subject on contacts (subject_id);
create view public_contacts as
select contacts.id, contacts.subject_id, contacts.says, contacts.languages, contacts.created_at from contacts join public_subjects on public_subjects.id = contacts.subject_id;

-- What readers wrote by that form.
create table contact_messages (
  id uuid primary key,
  subject_id uuid not null references subjects on delete cascade,
  -- Somebody whom we know by the same address; nobody learns that, and it goes when they are erased.
  person_id uuid,
  language text not null,
  -- For the desk: name, address and words.
  record bytea not null,
  state text not null default 'unread' check (state in ('unread', 'read', 'answered')),
  practice boolean not null,
  received_at timestamptz not null,
  read_at timestamptz,
  read_by uuid,
  answered_at timestamptz,
  answered_by uuid
);
create index contact_messages_subject on contact_messages (subject_id, received_at desc);
create index contact_messages_key on contact_messages (subject_id, id);
create index contact_messages_person on contact_messages (person_id) where person_id is not null;
create index contact_messages_unanswered on contact_messages (received_at) where state <> 'answered';

create function open_contact_messages(audit uuid) returns table (id uuid, record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  return query select message.id, message.record from contact_messages message
    where message.id = any ((select subject_ids from opening_allowed(audit, 'open-contact-message'))::uuid[]);
end $$;
revoke all on function open_contact_messages from public;
grant execute on function open_contact_messages to :desk;

grant select on public_contacts to :site, :worker, :desk;
grant select on contacts to :worker, :desk;
grant insert, update, delete on contacts to :desk;
grant select (id, subject_id, person_id, state, practice, received_at), insert, update (person_id), delete on contact_messages to :worker;
grant select (id, subject_id, language, state, practice, received_at, read_at, read_by, answered_at, answered_by) on contact_messages to :desk;
grant update (state, read_at, read_by, answered_at, answered_by) on contact_messages to :desk;

-- The page of a campaign is an item of its own kind; what it is made of is in its words.
alter table items drop constraint items_kind_check;
alter table items add constraint items_kind_check check (kind in ('about', 'news', 'urgent-action', 'press-release', 'report', 'blog-post', 'questions-and-answers', 'letter', 'joint-statement', 'explainer', 'education', 'course', 'event', 'page', 'campaign'));
