-- A removal that was cancelled on its way is gone on with by another: counted anew, with an end and a way back of its own.
alter table removals add column continues uuid references removals on delete set null;
create unique index removals_continues on removals (continues) where continues is not null;
grant select (continues) on removals to :desk;
