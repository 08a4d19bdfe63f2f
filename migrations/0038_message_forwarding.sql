-- Message forwarding: subscriptions, what is sent to them, and the receiver of the installation itself.

create table webhooks (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    url text not null,
    profile smallint not null,
    topics text[] not null,
    enabled boolean not null,
    secret_sealed bytea not null,
    previous_sealed bytea,
    previous_until timestamptz,
    halted_at timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index webhooks_name on webhooks (company_id, lower(name)) where deleted_at is null;
select isolate('webhooks');
comment on table webhooks is '消息转发: an address that is told what happens';
comment on column webhooks.profile is 'webhook::model::Profile';
comment on column webhooks.topics is 'keys of webhook::model::Topic';
comment on column webhooks.secret_sealed is '24 bytes, sealed for this very row (S51)';
comment on column webhooks.previous_sealed is 'the secret before, which signs beside the other one until previous_until';
comment on column webhooks.halted_at is 'when it was switched off by itself, having failed for days; null since somebody switched it on';

create table webhook_lanes (
    company_id uuid not null,
    webhook_id uuid not null,
    lease_until timestamptz,
    fence bigint not null default 0,
    paused_until timestamptz,
    failures integer not null default 0,
    failing_since timestamptz,
    last_success_at timestamptz,
    last_fault smallint,
    primary key (company_id, webhook_id),
    foreign key (company_id, webhook_id) references webhooks (company_id, id)
);
select isolate('webhook_lanes');
comment on table webhook_lanes is 'the lane of a subscription: who sends in it now, and how the receiver is';
comment on column webhook_lanes.failures is 'requests without success, one after the other';
comment on column webhook_lanes.paused_until is 'a receiver that did not answer at all is left alone until then';
comment on column webhook_lanes.last_fault is 'webhook::model::Fault of the last request; null when it succeeded';

create table webhook_deliveries (
    company_id uuid not null,
    id uuid not null,
    webhook_id uuid not null,
    topic smallint not null,
    order_key uuid not null,
    event_id uuid not null,
    happened_at timestamptz not null,
    about text not null,
    data text not null,
    state smallint not null,
    attempt integer not null default 0,
    since timestamptz not null,
    next_at timestamptz not null,
    finished_at timestamptz,
    fault smallint,
    created_at timestamptz not null,
    primary key (company_id, id),
    foreign key (company_id, webhook_id) references webhooks (company_id, id)
);
create unique index webhook_deliveries_event on webhook_deliveries (company_id, webhook_id, event_id);
create index webhook_deliveries_waiting on webhook_deliveries (company_id, webhook_id, order_key, happened_at, event_id) where state = 0;
create index webhook_deliveries_due on webhook_deliveries (company_id, webhook_id, next_at, happened_at, id) where state = 0;
create index webhook_deliveries_failed on webhook_deliveries (company_id, webhook_id, next_at) where state = 0 and attempt > 0;
create index webhook_deliveries_told on webhook_deliveries (company_id, order_key, happened_at, event_id);
create index webhook_deliveries_log on webhook_deliveries (company_id, created_at, id);
create index webhook_deliveries_log_of_one on webhook_deliveries (company_id, webhook_id, created_at, id);
create index webhook_deliveries_given_up on webhook_deliveries (company_id, created_at, id) where state = 2;
create index webhook_deliveries_finished on webhook_deliveries (company_id, finished_at) where state <> 0;
select isolate('webhook_deliveries');
comment on table webhook_deliveries is '转发记录: one message to one subscription, as it was when the event was handled';
comment on column webhook_deliveries.topic is 'webhook::model::Topic';
comment on column webhook_deliveries.order_key is 'the ticket or main call: what is about one arrives in the order in which it happened';
comment on column webhook_deliveries.about is 'number of the ticket or call, for the log';
comment on column webhook_deliveries.data is 'JSON, kept as text so that it is the same bytes at every attempt';
comment on column webhook_deliveries.state is 'webhook::model::DeliveryState';
comment on column webhook_deliveries.since is 'from when the 72 hours of attempts count: when it was written, or sent again by hand';
comment on column webhook_deliveries.fault is 'webhook::model::Fault of the last attempt';

create table webhook_requests (
    company_id uuid not null,
    id uuid not null,
    webhook_id uuid not null,
    sent_at timestamptz not null,
    took_ms bigint not null,
    url text not null,
    headers jsonb not null,
    body text not null,
    fault smallint,
    status smallint,
    answer_headers jsonb not null,
    answer text not null,
    answer_cut boolean not null,
    primary key (company_id, id)
);
create index webhook_requests_sent on webhook_requests (company_id, sent_at);
select isolate('webhook_requests');
comment on table webhook_requests is 'one HTTP request with what came back; at most 64 KB of either body';
comment on column webhook_requests.headers is 'names and values, in order';
comment on column webhook_requests.fault is 'webhook::model::Fault; null when it was taken';

create table webhook_attempts (
    company_id uuid not null,
    delivery_id uuid not null,
    no integer not null,
    request_id uuid not null,
    primary key (company_id, delivery_id, no, request_id),
    foreign key (company_id, delivery_id) references webhook_deliveries (company_id, id)
);
create index webhook_attempts_request on webhook_attempts (company_id, request_id);
select isolate('webhook_attempts');
comment on table webhook_attempts is 'which request carried which message: one may carry twenty';
comment on column webhook_attempts.no is 'from 1, and anew from 1 after it was sent again by hand';

create table webhook_receivers (
    company_id uuid not null,
    token_hash bytea not null,
    token_sealed bytea not null,
    next_answer smallint not null,
    created_at timestamptz not null,
    primary key (company_id)
);
select isolate('webhook_receivers');
comment on table webhook_receivers is '试收地址: an address of this installation to try forwarding against';
comment on column webhook_receivers.next_answer is 'webhook::model::Reply of the next request alone';

create table webhook_catches (
    company_id uuid not null,
    id uuid not null,
    caught_at timestamptz not null,
    headers jsonb not null,
    body text not null,
    is_cut boolean not null,
    seal smallint not null,
    reply smallint not null,
    primary key (company_id, id)
);
create index webhook_catches_latest on webhook_catches (company_id, caught_at, id);
select isolate('webhook_catches');
comment on table webhook_catches is 'what came to the receiver of the installation, the last 50';
comment on column webhook_catches.seal is 'webhook::model::Seal: what its signature is worth';
comment on column webhook_catches.reply is 'webhook::model::Reply: what was answered';

-- A claim looks for the jobs that forward apart from all others, and a message is written after those of earlier events of its
-- ticket: each in an index of its own, as in 0036.
create index jobs_forwards on jobs (company_id, run_at) where state in (0, 1) and kind = 'forward_messages';
create index events_subject on events (company_id, subject_id, created_at);
