-- Letters that came back to us move to a newer record key with all else that is sealed for the desk.
create or replace function records_to_reseal(audit uuid, newest text, of_table text, after_person uuid, after_row uuid, page int)
returns table (person_id uuid, id uuid, record bytea)
language plpgsql stable security definer set search_path = public as $$
begin
  perform opening_allowed(audit, 'reseal-records', interval '1 hour');
  case of_table
  when 'participations' then return query
    select p.person_id, p.id, case when encode(substring(p.record from 2 for 4), 'hex') <> newest then p.record end from participations p
    where p.record is not null and (p.person_id, p.id) > (after_person, after_row) order by p.person_id, p.id limit page;
  when 'message_texts' then return query
    select text.person_id, text.participation_id, case when encode(substring(text.record from 2 for 4), 'hex') <> newest then text.record end from message_texts text
    where text.record is not null and (text.person_id, text.participation_id) > (after_person, after_row) order by text.person_id, text.participation_id limit page;
  when 'returned_letters' then return query
    select letter.about_id, letter.id, case when encode(substring(letter.record from 2 for 4), 'hex') <> newest then letter.record end from returned_letters letter
    where (letter.about_id, letter.id) > (after_person, after_row) order by letter.about_id, letter.id limit page;
  end case;
end $$;

create or replace function reseal_records(audit uuid, of_table text, people uuid[], ids uuid[], sealed bytea[], fresh bytea[]) returns int
language plpgsql security definer set search_path = public as $$
declare moved int;
begin
  perform opening_allowed(audit, 'reseal-records', interval '1 hour');
  case of_table
  when 'participations' then
    update participations p set record = it.fresh from unnest(people, ids, sealed, fresh) as it (person_id, id, sealed, fresh)
    where p.person_id = it.person_id and p.id = it.id and p.record = it.sealed;
  when 'message_texts' then
    update message_texts text set record = it.fresh from unnest(people, ids, sealed, fresh) as it (person_id, id, sealed, fresh)
    where text.person_id = it.person_id and text.participation_id = it.id and text.record = it.sealed;
  when 'returned_letters' then
    update returned_letters letter set record = it.fresh from unnest(people, ids, sealed, fresh) as it (about_id, id, sealed, fresh)
    where letter.about_id = it.about_id and letter.id = it.id and letter.record = it.sealed;
  end case;
  get diagnostics moved = row_count;
  return moved;
end $$;

create or replace function records_under_other_keys(newest text) returns bigint
language sql stable security definer set search_path = public as $$
  select (select count(*) from participations where record is not null and encode(substring(record from 2 for 4), 'hex') <> newest)
    + (select count(*) from message_texts where record is not null and encode(substring(record from 2 for 4), 'hex') <> newest)
    + (select count(*) from returned_letters where encode(substring(record from 2 for 4), 'hex') <> newest)
$$;
