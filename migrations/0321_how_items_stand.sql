-- How all items stand is told from the index of pointers alone.
create index item_publications_standing on item_publications (item_id) include (from_at, until_at, revision_id) where cancelled_at is null;
