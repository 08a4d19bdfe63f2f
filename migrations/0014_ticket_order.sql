-- Ways in which lists of tickets are ordered or narrowed and that had no index of their own.

create index tickets_created on tickets (company_id, created_at desc, id desc) where status <> 98;
create index tickets_creator on tickets (company_id, creator_id, updated_at desc, id desc) where creator_kind = 0 and status <> 98;
