-- A record of every look is written many at a time, and triggers and tickets are never deleted while their company is
-- there: looking both up for each record cost more than writing it.

alter table trigger_runs
    drop constraint trigger_runs_company_id_ticket_id_fkey,
    drop constraint trigger_runs_company_id_trigger_id_fkey;
