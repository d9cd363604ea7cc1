-- The boundaries of areas, in generations: what an area looks like from a day on until another day. No start: since before we knew.
-- A layer is a set of boundaries of one kind, of which a place lies in one at most.
create table area_shapes (
  area_id text not null references areas on delete cascade,
  layer text not null check (layer ~ '^[a-z0-9][a-z0-9-]*$'),
  valid_from date,
  valid_until date,
  -- Rings on a grid of 1/100,000 of a degree, as src/platform/shapes.js writes them; and a fingerprint of that text.
  shape text not null check (shape <> ''),
  print text not null,
  -- As of which day the newest file was that had this boundary.
  checked_on date not null,
  source text not null default '',
  check (valid_until is null or valid_from is null or valid_until >= valid_from),
  unique nulls not distinct (area_id, layer, valid_from)
);
create unique index area_shapes_current on area_shapes (area_id, layer) where valid_until is null;
create index area_shapes_layer on area_shapes (layer);

grant select on area_shapes to :site, :worker, :desk;
grant insert, update, delete on area_shapes to :desk, :worker;

-- Which kinds of files there are is said by the mappings.
alter table imports drop constraint imports_kind_check;
alter table imports add constraint imports_kind_check check (kind ~ '^[a-z][a-z-]*$');

-- "point" is asked by latitude and longitude, whatever codes there are.
alter table lookup_schemes add constraint lookup_schemes_not_point check (id <> 'point');
