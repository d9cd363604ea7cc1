-- What supporters read of an office that is not written to: by language, because every page has one.
alter table office_opt_outs add column notes jsonb not null default '{}';
update office_opt_outs set notes = jsonb_build_object((select default_language from publisher), note) where note <> '' and exists (select from publisher);
drop view public_opt_outs;
alter table office_opt_outs drop column note;
create view public_opt_outs as
select office_id, decided_at::date as since, until, notes from office_opt_outs where resumed_at is null;
grant select on public_opt_outs to :site, :worker, :desk;

-- Whether a domain was typed as a condition. Which one nobody at the desk can read.
alter table removals add column by_domain boolean not null default false;
update removals set by_domain = domain is not null or (domain_index is not null and not exists (select from surges where surges.id = removals.surge_id and surges.kind = 'domain'));
grant select (by_domain) on removals to :desk;

-- Boundaries have kept mappings, too.
alter table mappings drop constraint mappings_kind_check;
alter table mappings add constraint mappings_kind_check check (kind in ('targets', 'lookup', 'boundaries'));
