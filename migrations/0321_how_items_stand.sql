-- How all items stand, and which of what was found is public, is told from the index of pointers alone.
create index item_publications_standing on item_publications (item_id, language) include (from_at, until_at, revision_id, dated) where cancelled_at is null;
