-- How an office is reached on a day that may not be today: the indexes of what has not ended do not answer that, and every look-up read the whole table twice.
create index contact_details_by_office on contact_details (office_id) where office_id is not null;
create index contact_details_by_official on contact_details (official_id) where official_id is not null;
