-- Search over bigrams, company first (reliability §3.1). btree_gin gives GIN its company_id.
create extension if not exists btree_gin;

create index customers_bigrams on customers using gin (company_id, bigrams);
create index tickets_bigrams on tickets using gin (company_id, bigrams);
create index ticket_messages_bigrams on ticket_messages using gin (company_id, bigrams);
