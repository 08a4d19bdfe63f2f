-- Call reports read facts by one pass: an index that holds what they count, so that the rows themselves are not fetched.

create index call_legs_report on call_legs (company_id, started_at)
    include (call_type, line, direction, agent_id, group_id, ended_at, result, ring_ms, talk_ms, hold_ms, queue_ms, queue_state,
        rang_at, answered_at, satisfy_levels, satisfy_key);
