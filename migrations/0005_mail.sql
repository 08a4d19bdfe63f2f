-- Mail: mailboxes and the ledger.

create table mailboxes (
    company_id uuid not null,
    id uuid not null,
    address text not null,
    display_name text not null default '',
    enabled boolean not null default true,
    group_id uuid,
    category_id uuid,
    signature text not null default '',
    imap_host text not null default '',
    imap_port integer not null default 993,
    imap_tls smallint not null default 1,
    imap_user text not null default '',
    imap_secret bytea,
    imap_folder text not null default 'INBOX',
    smtp_host text not null default '',
    smtp_port integer not null default 465,
    smtp_tls smallint not null default 1,
    smtp_user text not null default '',
    smtp_secret bytea,
    authserv_id text not null default '',
    uid_validity bigint,
    last_uid bigint not null default 0,
    fetched_at timestamptz,
    fetch_error text,
    failing_since timestamptz,
    sent_at timestamptz,
    send_error text,
    lease_until timestamptz,
    lease_fence bigint not null default 0,
    version integer not null default 1,
    created_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index mailboxes_address on mailboxes (company_id, address) where deleted_at is null;
comment on table mailboxes is '邮箱: IMAP in, SMTP out; passwords are sealed (S51)';
comment on column mailboxes.last_uid is 'highest IMAP uid whose message is committed (F24); valid for uid_validity';
comment on column mailboxes.imap_tls is '0 none (loopback only), 1 TLS, 2 STARTTLS';
comment on column mailboxes.authserv_id is 'whose Authentication-Results are believed (S20)';

create table mails (
    company_id uuid not null,
    id uuid not null,
    mailbox_id uuid not null,
    direction smallint not null,
    state smallint not null,
    verdict text,
    reason text,
    reason_detail text not null default '',
    message_id text,
    in_reply_to text,
    uid_validity bigint,
    uid bigint,
    raw_sha256 bytea not null,
    raw_size bigint not null,
    from_address text not null default '',
    from_name text not null default '',
    to_addresses text[] not null default '{}',
    subject text not null default '',
    ticket_id uuid,
    message_ref uuid,
    duplicate_of uuid,
    auto_reply boolean not null default false,
    attempts integer not null default 0,
    last_error text,
    sent_at timestamptz,
    possibly_sent boolean not null default false,
    received_at timestamptz not null,
    settled_at timestamptz,
    primary key (company_id, id),
    foreign key (company_id, mailbox_id) references mailboxes (company_id, id)
);
create unique index mails_uid on mails (company_id, mailbox_id, uid_validity, uid) where uid is not null;
create index mails_recent on mails (company_id, received_at desc, id desc);
create index mails_message on mails (company_id, mailbox_id, message_id) where message_id is not null;
create index mails_ticket on mails (company_id, ticket_id) where ticket_id is not null;
create index mails_sender on mails (company_id, from_address, received_at);
comment on table mails is '邮件台账: every message ever seen or sent, with its verdict';
comment on column mails.direction is '0 in, 1 out';
comment on column mails.state is 'in: 0 stored, 2 settled, 3 quarantined; out: 0 waiting, 1 sending, 2 sent, 3 failed, 4 kept (no SMTP), 5 cancelled';

create table mail_keys (
    company_id uuid not null,
    version integer not null,
    key bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz,
    primary key (company_id, version)
);
comment on table mail_keys is 'keys of the reply tokens (S19), sealed; a retired one is accepted for 90 days';
