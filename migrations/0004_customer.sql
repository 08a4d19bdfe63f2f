-- Customers.

create table customers (
    company_id uuid not null,
    id uuid not null,
    nickname text not null,
    name text not null default '',
    partner_id text,
    vip_level smallint not null default 0,
    organisation text not null default '',
    remark text not null default '',
    fields jsonb not null default '{}',
    bigrams text[] not null default '{}',
    merged_into uuid,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (company_id, id)
);
create unique index customers_partner on customers (company_id, partner_id) where partner_id is not null and merged_into is null;
create index customers_recent on customers (company_id, updated_at desc, id desc) where merged_into is null;
comment on table customers is '客户';
comment on column customers.partner_id is '对接ID: the id of this customer in the company''s own system';
comment on column customers.bigrams is 'search terms made by kernel::search (names, contacts, pinyin initials)';

create table customer_contacts (
    company_id uuid not null,
    customer_id uuid not null,
    kind smallint not null,
    value text not null,
    normal text not null,
    position smallint not null default 0,
    primary key (company_id, kind, normal),
    foreign key (company_id, customer_id) references customers (company_id, id)
);
create index customer_contacts_customer on customer_contacts (company_id, customer_id, kind, position);
comment on table customer_contacts is 'phones (0) and e-mail addresses (1); the normal form is unique in the company';

create table customer_fields (
    company_id uuid not null,
    id uuid not null,
    label text not null,
    kind smallint not null,
    options text[] not null default '{}',
    position smallint not null default 0,
    deleted_at timestamptz,
    created_at timestamptz not null,
    primary key (company_id, id)
);
comment on table customer_fields is '客户自定义字段: kind by the field types of F§4.1';

create table customer_merges (
    company_id uuid not null,
    id uuid not null,
    kept_id uuid not null,
    merged_id uuid not null,
    before jsonb not null,
    created_at timestamptz not null,
    actor_id uuid,
    actor_name text not null,
    undone_at timestamptz,
    primary key (company_id, id),
    foreign key (company_id, kept_id) references customers (company_id, id),
    foreign key (company_id, merged_id) references customers (company_id, id)
);
create index customer_merges_kept on customer_merges (company_id, kept_id);
comment on table customer_merges is 'what a merge of two customers moved, so that it can be undone';
