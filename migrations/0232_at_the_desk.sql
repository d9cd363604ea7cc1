-- A rule is not heard of again at an item in one language; '' was all of them.
alter table ignored_findings add column language text not null default '';
alter table ignored_findings drop constraint ignored_findings_pkey, add primary key (item_id, language, rule);
