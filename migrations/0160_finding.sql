-- What visitors search in: the folded words of what is public, in each language. A row says nothing about whether its words still are public: that is for the view to ask.
create table search_texts (
  about text not null check (about in ('item', 'action')),
  id uuid not null,
  language text not null,
  revision_id uuid not null,
  -- What else its words depend on, as a fingerprint: the names of the place or topic whose page it is.
  besides text not null,
  title tsvector not null,
  words tsvector not null,
  primary key (about, id, language)
);
create index search_texts_words on search_texts using gin (words);

-- Every word that is in one of them, so that a mistyped one finds its neighbours: words that become the same when one letter of each is left out.
create table search_words (
  word text primary key,
  -- As somebody wrote it.
  spelling text not null,
  texts int not null,
  near text[] not null
);
create index search_words_near on search_words using gin (near);

-- What became public lately is looked for by its moment.
create index item_publications_from on item_publications (from_at);

create view public_search as
select found.about, found.id, found.language, coalesce(subjects.kind, items.kind) as kind, coalesce(subjects.slug, items.slug) as slug, shown.dated, found.title, found.words
from search_texts found
join public_item_words shown on shown.item_id = found.id and shown.language = found.language and shown.revision_id = found.revision_id
join items on items.id = found.id
left join subjects on subjects.id = items.subject_id
where found.about = 'item'
union all
select found.about, found.id, found.language, action.kind, action.slug, coalesce(action.opens_at, action.created_at)::date, found.title, found.words
from search_texts found
join public_action_words shown on shown.action_id = found.id and shown.language = found.language and shown.revision_id = found.revision_id
join public_actions action on action.id = found.id
where found.about = 'action' and action.state <> 'draft';

grant select on public_search to :site, :worker, :desk;
grant select on search_words to :site, :worker;
grant select, insert, update, delete on search_texts, search_words to :worker;

-- What the publisher chooses for finding one's way: how items are numbered, where the quick exit leads, and what stands in the header besides.
alter table publisher add column index_scheme text check (index_scheme like '%{number}%'), add column exit_url text check (exit_url like 'https://%'), add column exit_everywhere boolean not null default false;
create table menu_links (
  language text not null,
  position int not null,
  label text not null check (label <> ''),
  url text not null check (url <> ''),
  primary key (language, position)
);

-- The number under which an item is cited. It is never changed, and never given again: not even where the item is no more.
create table item_numbers (
  number text primary key check (number = upper(number)),
  item_id uuid unique references items on delete set null,
  given_at timestamptz not null
);
-- How far each row of numbers is: the scheme filled in, up to the number itself.
create table item_number_series (
  series text primary key,
  last int not null
);

create view public_item_numbers as
select item_numbers.number, items.id as item_id, items.slug
from item_numbers join items on items.id = item_numbers.item_id
where exists (select from public_item_words shown where shown.item_id = items.id);

grant select on public_item_numbers to :site, :worker, :desk;
grant select on menu_links to :site, :worker;
grant select, insert, update, delete on menu_links to :desk;
grant select on item_numbers to :worker, :desk;
grant insert on item_numbers to :desk;
grant select, insert, update on item_number_series to :desk;
