-- Whether an address or number is that of an item that was public once and is not any more, so that whoever follows an old link is told. Whoever asks has to know it:
-- addresses are made of titles, and those of what was taken back are nowhere to be read.
create function taken_back(asked text) returns boolean language sql stable security definer set search_path = public as $$
  select exists (
    select from items where kind <> 'about'
      and id in (select id from items where slug = asked union all select item_id from item_former_slugs where slug = asked union all select item_id from item_numbers where number = upper(asked))
      and exists (select from item_publications pointer where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= now())
      and not exists (select from item_publications pointer where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= now() and (pointer.until_at is null or pointer.until_at > now())))
$$;

revoke all on function taken_back from public;
grant execute on function taken_back to :site;
