-- What was suppressed lately is looked for every few seconds, to enter it in the register that no backup contains.
create index suppressions_newest on suppressions (created_at) where not practice;
