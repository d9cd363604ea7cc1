-- No calendar of ours has a year 0, and no day column takes one: what was saved with it could not be published. It is no day any more where it is read; whoever opens it sees the year 1.
update item_revisions set words = regexp_replace(words::text, '"0000-(\d\d-\d\d)"', '"0001-\1"', 'g')::jsonb where words::text ~ '"0000-\d\d-\d\d"';
update record_revisions set content = regexp_replace(content::text, '"0000-(\d\d-\d\d)"', '"0001-\1"', 'g')::jsonb where content::text ~ '"0000-\d\d-\d\d"';
