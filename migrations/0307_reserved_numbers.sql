-- A number that was given when an item was scheduled follows it to another year or place, as long as no reader has seen it.
grant update (number, given_at) on item_numbers to :desk;
