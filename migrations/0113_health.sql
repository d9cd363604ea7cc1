-- The desk's page of health says how much waits to be counted.
grant select on count_arrivals to :desk;
