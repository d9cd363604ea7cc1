-- A page of an export looked each of its rows up twice: once for what is sealed, once for what is not. Now the function says both, with no more joins than
-- its kind needs. Whoever asks by the old names finds them.
drop function open_export;
create function open_export(audit uuid, of_export uuid, after_position int, page int)
returns table (
  "position" int, person_id uuid, row_id uuid, participation_id uuid, contact bytea, details bytea, record bytea, message_contact bytea, message_record bytea,
  known boolean, action_id uuid, language text, country text, area_id text, source text, began_at timestamptz, confirmed_at timestamptz)
language plpgsql stable security definer set search_path = public set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
#variable_conflict use_column
declare it exports := export_allowed(audit, of_export);
begin
  case it.kind
  when 'people' then return query
    select listed.position, who.id, listed.row_id, null::uuid, who.contact, null::bytea, null::bytea, null::bytea, null::bytea,
      true, null::uuid, who.language, who.country, who.area_id, null::text, who.created_at, who.confirmed_at
    from export_rows listed join people who on who.id = listed.person_id
    where listed.export_id = of_export and listed.position > after_position order by listed.position limit page;
  when 'participations' then return query
    select listed.position, who.id, listed.row_id, p.id, who.contact, p.details, p.record, null::bytea, null::bytea,
      p.id is not null, p.action_id, p.language, p.country, p.area_id, p.source, p.taken_at, p.confirmed_at
    from export_rows listed join people who on who.id = listed.person_id left join participations p on p.person_id = listed.person_id and p.id = listed.row_id
    where listed.export_id = of_export and listed.position > after_position order by listed.position limit page;
  when 'messages' then return query
    select listed.position, who.id, listed.row_id, p.id, who.contact, p.details, null::bytea, said.contact, said.record,
      m.id is not null, m.action_id, p.language, p.country, p.area_id, p.source, m.promised_at, p.confirmed_at
    from export_rows listed join people who on who.id = listed.person_id left join messages m on m.person_id = listed.person_id and m.id = listed.row_id
    left join participations p on p.person_id = m.person_id and p.id = m.participation_id left join message_texts said on said.person_id = m.person_id and said.participation_id = m.participation_id
    where listed.export_id = of_export and listed.position > after_position order by listed.position limit page;
  else return query
    -- Answers. A partner gets the phone number or postal address of those who said yes to being reached by it.
    select listed.position, who.id, listed.row_id, case when it.kind = 'partner' then taken.id end, who.contact, case when it.kind = 'partner' then taken.details end,
      case when it.kind = 'partner' and statement.channel in ('phone', 'post') then taken.record end, null::bytea, null::bytea,
      said.id is not null, coalesce(said.action_id, taken.action_id), who.language, who.country, who.area_id, null::text, said.presented_at, who.confirmed_at
    from export_rows listed join people who on who.id = listed.person_id left join consents said on said.person_id = listed.person_id and said.id = listed.row_id
    left join consent_statements statement on statement.id = said.statement_id
    left join participations taken on taken.person_id = said.person_id and taken.id = said.participation_id
    where listed.export_id = of_export and listed.position > after_position order by listed.position limit page;
  end case;
end $$;
revoke all on function open_export from public;
grant execute on function open_export to :desk;

-- Whose list is not above the limit, or was agreed to, need not be counted by people: that took a seventh of the time of listing.
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
  if listed > (select above from approval_limits where kind = 'export') then
    perform export_agreed(of_export, (select count(*)::int from (select from export_rows where export_id = of_export group by person_id) each));
  end if;
  update exports set rows = listed where id = of_export;
  return listed;
end $$;
