-- Search finds a page by its own words and those of the records on it together: it asks where a record stands.
grant select on public_record_places to :site, :worker, :desk;
-- Records are few among all that is searched: they are looked through by themselves.
create index search_texts_of_records on search_texts using gin (words) where about = 'record';
