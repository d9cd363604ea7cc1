-- How many names use somebody's mailbox: a number, so that whoever erases all of it knows.
create function names_in_mailbox(of_person uuid) returns int
language sql stable security definer set search_path = public as $$
  select count(distinct name_index)::int from participations where person_id = of_person and rehearsal_id is null
$$;
revoke all on function names_in_mailbox from public;
grant execute on function names_in_mailbox to :desk;
