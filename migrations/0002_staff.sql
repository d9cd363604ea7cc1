create table staff (
  id uuid primary key,
  contact bytea not null,
  role text not null check (role in ('administrator', 'campaigner')),
  language text not null,
  password_hash text,
  one_time_secret bytea,
  one_time_last bigint not null default 0,
  age_recipient text,
  failed_attempts int not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null,
  left_at timestamptz
);

create table passkeys (
  id bytea primary key,
  staff_id uuid not null references staff on delete cascade,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  label text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);

create table desk_sessions (
  token_hash bytea primary key,
  staff_id uuid not null references staff on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);

-- A link without a staff id makes the first administrator.
create table signin_links (
  token_hash bytea primary key,
  staff_id uuid references staff on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- What a browser was asked to sign while it adds or uses a passkey; short-lived.
create table passkey_challenges (
  token_hash bytea primary key,
  challenge text not null,
  staff_id uuid references staff on delete cascade,
  expires_at timestamptz not null
);

-- Who did what. No application role may change or remove a line.
create table audit_log (
  id uuid primary key,
  happened_at timestamptz not null,
  staff_id uuid,
  verb text not null,
  subject_kind text not null,
  subject_ids text[] not null,
  reason text not null default '',
  details jsonb not null default '{}'
);
create index audit_log_newest on audit_log (happened_at desc, id);

create table undos (
  id uuid primary key,
  staff_id uuid not null references staff on delete cascade,
  verb text not null,
  details jsonb not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

grant select, insert, update on staff to :desk;
grant select (id, contact) on staff to :worker;
grant select, insert, update, delete on passkeys, desk_sessions, signin_links, passkey_challenges, undos to :desk;
grant select (expires_at), delete on desk_sessions, signin_links, passkey_challenges, undos to :worker;
grant select, insert on audit_log to :desk, :worker;
