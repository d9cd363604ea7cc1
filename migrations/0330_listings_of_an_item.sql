-- Which places and topics an item is about, found by the item. In the key's index that is a scan that skips over every place, and the planner rather asked for each
-- place that has a page whether the item is about it: of what a place's page among a hundred thousand items takes, two thirds.
create index item_listings_by_item on item_listings (item_id) where lead;
