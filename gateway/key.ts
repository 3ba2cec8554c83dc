/**
 * Names of grants and keys of servers: they stand in addresses, in policies' counters, in the audit log and on screens,
 * and must be the same in all of them.
 */
export const PLAIN_KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
