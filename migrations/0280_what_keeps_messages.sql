-- The desk says why a message is still here: among others, that its mailbox has had what it takes in a day.
grant select on paces to :desk;
