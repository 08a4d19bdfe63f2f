-- What every page counts: open tickets of a person and of a group for the menu, unread notices for the bell. Each index
-- holds exactly the rows that are counted, so that no ticket itself is read.

create index tickets_open_agent on tickets (company_id, agent_id) where status = any ('{0,1,2}'::smallint[]);
create index tickets_open_group on tickets (company_id, group_id) where status = any ('{0,1,2}'::smallint[]);
create index live_events_unread on live_events (company_id, agent_id, seq) where read_at is null and payload ? 'href';
