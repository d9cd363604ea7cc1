-- The map for search engines is read page by page, in the order in which things became public: what is old seldom changes its page.
create index item_listings_by_publication on item_listings (published_at, item_id) include (language, lead, updated_at, from_at, until_at) where subject_id = '00000000-0000-0000-0000-000000000000';
