-- Which addresses of a code lie in which of its areas, where a code has several: what people choose by who do not know their area's name.
create table lookup_streets (
  scheme_id text not null references lookup_schemes on delete cascade,
  code text not null,
  area_id text not null references areas on delete cascade,
  street text not null check (length(street) between 1 and 200),
  primary key (scheme_id, code, area_id, street)
);
grant select on lookup_streets to :site, :worker, :desk;
grant insert, update, delete on lookup_streets to :desk, :worker;
