-- Listing who is in an export took three times as long as it takes to read them: most of it for checking, row by row, that the export is there, and for an
-- index by person. Only list_export adds rows, for an export that it has in its hands; and whoever is erased is found by reading the list, which there is for three days.
alter table export_rows drop constraint export_rows_export_id_fkey;
drop index export_rows_person;

-- What the foreign key did when an export went.
create function drop_export_rows() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  delete from export_rows where export_id in (select id from gone);
  return null;
end $$;
revoke all on function drop_export_rows from public;
create trigger exports_gone after delete on exports referencing old table as gone for each statement execute function drop_export_rows();

create or replace function list_export(audit uuid, of_export uuid) returns int
language plpgsql security definer set search_path = public set work_mem = '64MB' as $$
declare it exports := export_allowed(audit, of_export); listed int;
begin
  -- One process at a time: another one that has waited finds the list.
  perform from exports where id = of_export for update;
  if exists (select from export_rows where export_id = of_export) then return (select rows from exports where id = of_export); end if;
  insert into export_rows (export_id, position, person_id, row_id)
  select of_export, row_number() over (order by date_trunc('second', member.happened_at), substring(people.contact from 6 for 32), member.row_id), member.person_id, member.row_id
  from export_members(it.kind, it.action_id, it.controller_id, it.language, it.country, it.asked_at) member join people on people.id = member.person_id;
  get diagnostics listed = row_count;
  perform export_agreed(of_export, (select count(*)::int from (select from export_rows where export_id = of_export group by person_id) each));
  update exports set rows = listed where id = of_export;
  return listed;
end $$;
