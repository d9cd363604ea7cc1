-- A page of an export is a thousand rows found by their keys. The planner cannot know how long a page is, takes it for a tenth of the list, and would
-- read whole tables for each.
alter function open_export(uuid, uuid, int, int) set enable_hashjoin = off;
alter function open_export(uuid, uuid, int, int) set enable_mergejoin = off;
alter function open_export(uuid, uuid, int, int) set enable_seqscan = off;
