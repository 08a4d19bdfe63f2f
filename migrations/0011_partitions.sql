-- Monthly partitions of the two append-only tables that grow for ever. The app's role owns nothing and cannot create
-- them, so the worker calls this function, which acts with the owner's rights and takes nothing but a day.

create function ensure_partitions(from_day date) returns integer
language plpgsql security definer
set search_path = public, pg_temp
-- Attaching a partition takes a strong lock: rather tomorrow than a stalled product.
set lock_timeout = '2s'
as $$
declare
    parent text;
    month date;
    partition text;
    created integer := 0;
begin
    foreach parent in array array['audit_entries', 'events'] loop
        -- This month and the next three.
        for month in select generate_series(date_trunc('month', from_day), date_trunc('month', from_day) + interval '3 months', interval '1 month')::date loop
            partition := parent || to_char(month, '_YYYY_MM');
            continue when to_regclass(partition) is not null;
            begin
                execute format(
                    'create table %I partition of %I for values from (%L) to (%L)',
                    partition, parent, month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
                perform isolate(partition::regclass);
                -- Append-only for the app (S49), in every partition.
                execute format('revoke update, delete on %I from kefu_app', partition);
                created := created + 1;
            exception
                -- Rows of this month lie in the default partition already: they stay there and so does the month.
                -- Or another node was faster.
                when check_violation or duplicate_table then null;
            end;
        end loop;
    end loop;
    return created;
end
$$;
comment on function ensure_partitions is 'creates the monthly partitions of audit_entries and events that will be needed; called by the worker every day';
revoke all on function ensure_partitions from public;
grant execute on function ensure_partitions to kefu_app;

select ensure_partitions(current_date);
