-- Forms that customers fill in behind a link.

create table ticket_forms (
    company_id uuid not null,
    ticket_id uuid not null,
    customer_id uuid not null,
    token_hash bytea not null,
    link_sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    answered_at timestamptz,
    primary key (company_id, ticket_id),
    foreign key (company_id, ticket_id) references tickets (company_id, id),
    foreign key (company_id, customer_id) references customers (company_id, id)
);
create unique index ticket_forms_token on ticket_forms (company_id, token_hash);
select isolate('ticket_forms');
comment on table ticket_forms is '客户填写: the link behind which the customer of a ticket fills in what its template asks of them';
comment on column ticket_forms.customer_id is 'whom it was made for, whoever they were merged into since: it is over when the ticket gets another customer';
comment on column ticket_forms.token_hash is 'SHA-256 of the token of the link';
comment on column ticket_forms.link_sealed is 'the token, sealed: a mail that follows carries the same link, and whoever may answer the ticket and sees every field of the form sees it';
comment on column ticket_forms.answered_at is 'when the customer last sent the form; null before';
