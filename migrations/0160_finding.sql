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
