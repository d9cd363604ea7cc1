-- From which countries people are is asked without going through all of them.
create index people_country on people (country) where country is not null;
