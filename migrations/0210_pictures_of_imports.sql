-- Pages that are brought over bring their pictures along: as records, which nobody sees before somebody has seen to them.
create table imported_pictures (
  record_id uuid primary key references records on delete cascade,
  import_id uuid not null references digest_imports on delete cascade
);
create index imported_pictures_import on imported_pictures (import_id);
grant select, insert, delete on imported_pictures to :worker;
grant select on imported_pictures to :desk;
-- What the worker makes of an import.
grant insert on records, record_revisions, images, image_files to :worker;

alter table digest_imports drop constraint digest_imports_fault_check;
alter table digest_imports add constraint digest_imports_fault_check check (fault in ('too-large', 'not-gzip', 'not-zip', 'no-pages', 'entities', 'no-columns', 'not-xml', 'failed'));

-- A picture can be kept before anybody knows whose it is; shown it cannot.
create function refuse_uncredited() returns trigger language plpgsql as $$
begin
  if exists (select from record_revisions where id = new.revision_id and image_id is not null and coalesce(content ->> 'author', '') = '') then
    raise exception 'a picture without a credit cannot be published' using errcode = 'check_violation';
  end if;
  return new;
end $$;
revoke execute on function refuse_uncredited() from public;
create trigger refuse_uncredited before insert on record_publications for each row execute function refuse_uncredited();
