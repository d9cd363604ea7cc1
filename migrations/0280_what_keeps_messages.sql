-- How many messages some mailboxes and domains got on a day, by the fingerprints that somebody has already: the desk says by it why a message is still here.
create function sent_on(mailboxes bytea[], of_day date) returns table (mailbox bytea, sent int)
language sql stable security definer set search_path = public as $$
  select mailbox, sent_today from paces where paces.mailbox = any (mailboxes) and day = of_day
$$;
revoke all on function sent_on from public;
grant execute on function sent_on to :desk;
