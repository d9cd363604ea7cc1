-- Which lists about supporters left the house, what they were lists of and for whom: it stays when the list itself is gone, so that whoever was in one can be told.
-- Not a part of `exports`, which backups leave out and which are forgotten after a year.
create table handed_over (
  export_id uuid primary key,
  kind text not null check (kind in ('people', 'participations', 'messages', 'consents', 'partner')),
  controller_id uuid references controllers,
  action_id uuid references actions on delete set null,
  handed_at timestamptz(0) not null
);
-- Who was in each. Without a foreign key to the list: a million of them are written while somebody waits for the first byte.
create table handed_over_people (
  person_id uuid not null,
  export_id uuid not null,
  primary key (person_id, export_id)
);

-- Writes down who is in a finished export before it is handed over, once; for whoever asked for it and for nobody else. An erasure that is
-- under way is waited for: then the list is not there any more.
create function note_handed_over(audit uuid, of_export uuid) returns void
language plpgsql security definer set search_path = public as $$
declare line audit_log := opening_allowed(audit, 'download-export', interval '2 hours'); it exports;
begin
  select * into it from exports where id = of_export for share;
  if it.id is null or it.state <> 'done' or it.asked_by <> line.staff_id or not it.id = any (line.subject_ids::uuid[]) then
    raise exception 'this export is not here for them';
  end if;
  insert into handed_over (export_id, kind, controller_id, action_id, handed_at) values (it.id, it.kind, it.controller_id, it.action_id, line.happened_at) on conflict do nothing;
  if found then
    insert into handed_over_people (person_id, export_id) select distinct person_id, of_export from export_rows where export_id = of_export order by person_id;
  end if;
end $$;

-- As before; and nothing is handed over of which it is not written down who is in it.
create or replace function hand_over_export(audit uuid, of_export uuid, after_part int) returns table (part int, bytes bytea)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare line audit_log := opening_allowed(audit, 'download-export', interval '2 hours');
begin
  if not exists (select from exports it join handed_over noted on noted.export_id = it.id where it.id = of_export and it.id = any (line.subject_ids::uuid[]) and it.asked_by = line.staff_id and it.state = 'done') then
    raise exception 'this export is not here for them';
  end if;
  return query select piece.part, piece.bytes from export_parts piece where piece.export_id = of_export and piece.part > after_part order by piece.part limit 1;
end $$;

revoke all on function note_handed_over from public;
grant execute on function note_handed_over to :desk;
grant select, delete on handed_over to :worker;
grant select, insert, delete on handed_over_people to :worker;
