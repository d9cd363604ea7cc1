-- A picture that comes with an imported page is about the page's place: whoever looks after the place sees to it.
grant insert on record_subjects to :worker;
insert into record_subjects (record_id, subject_id)
select picture.record_id, run.subject_id from imported_pictures picture join digest_imports run on run.id = picture.import_id join subjects on subjects.id = run.subject_id
where not exists (select from record_subjects its where its.record_id = picture.record_id);
