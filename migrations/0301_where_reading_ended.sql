-- At which line reading a file ended, beside what was wrong with it.
alter table imports add column fault_line int check (fault_line > 0);
update imports set fault = 'unreadable', fault_line = substring(fault from 12)::int where fault ~ '^unreadable:[0-9]+$';
