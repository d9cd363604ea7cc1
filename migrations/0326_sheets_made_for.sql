-- What a sheet says of the organisation, and where it leads to, so that it is made again when that changes.
alter table action_sheets add column made_for text not null default '';
