-- New entries go into the search indexes at once. Kept aside until the next vacuum, which is PostgreSQL's way with these
-- indexes, every search reads them one by one: after 400 mails of new customers a search took nine times as long. Writing
-- them one at a time is no dearer for rows as small as ours.

alter index customers_bigrams set (fastupdate = off);
alter index tickets_bigrams set (fastupdate = off);
alter index ticket_messages_bigrams set (fastupdate = off);
select gin_clean_pending_list('customers_bigrams'), gin_clean_pending_list('tickets_bigrams'), gin_clean_pending_list('ticket_messages_bigrams');
