//! Pure rules of accounts.
