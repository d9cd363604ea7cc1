-- When we learned of it: whoever asks whether a holder changed since a text was published means what was known then, and rosters come late. Of terms from before this step nobody knows.
alter table terms add column recorded_at timestamptz;
alter table terms alter column recorded_at set default now();
