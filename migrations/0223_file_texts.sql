-- What PDF files say, page by page, so that search finds it: read once, of files that something public offers.
create table file_texts (
  hash bytea primary key references files on delete cascade,
  -- Read; without text, such as scanned pages; read up to a limit; locked by a password; or nothing that can be read.
  state text not null check (state in ('reading', 'read', 'no-text', 'partly', 'locked', 'unreadable')),
  pages int not null default 0,
  attempts smallint not null,
  begun_at timestamptz not null
);
create table file_pages (
  hash bytea not null references file_texts on delete cascade,
  page int not null,
  text text not null,
  primary key (hash, page)
);

create view public_file_pages as
select shown.item_id, shown.language, file_pages.hash, file_pages.page, file_pages.text
from public_item_words shown join revision_files on revision_files.revision_id = shown.revision_id join file_pages on file_pages.hash = revision_files.hash;

grant select, insert, update, delete on file_texts, file_pages to :worker;
grant select on file_texts to :desk;
grant select on public_file_pages to :site, :worker, :desk;
