-- What a shared link shows where a page has no picture of its own: made once for each published version, and public exactly as long as that is.
create table cards (
  -- The version's id, or `house-` and a language: the publisher's own, for whatever has none yet.
  name text primary key,
  revision_id uuid unique,
  language text not null,
  -- A fingerprint of all that is on it.
  made_of text not null,
  png bytea not null,
  made_at timestamptz not null,
  check ((revision_id is null) = (name like 'house-%'))
);
alter table cards alter column png set storage external;

create view public_cards as
select cards.name, cards.language, cards.png from cards
where cards.revision_id is null
  or exists (select from public_item_words shown where shown.revision_id = cards.revision_id)
  or exists (select from public_action_words shown join public_actions on public_actions.id = shown.action_id and public_actions.state <> 'draft' where shown.revision_id = cards.revision_id);

grant select on public_cards to :site, :worker, :desk;
grant select, insert, update, delete on cards to :worker;
