import { bigint, boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/**
 * The gateway's state where several gateways share it. Unlike the catalogue's tables these are edited and pruned: they
 * hold what is true now. Times are milliseconds since 1970, as the gateways' own clocks have them.
 */

const milliseconds = () => bigint({ mode: 'number' });

/** What was charged to a counter within one step of its window; see `policy/counting.ts`. */
export const gatewaySteps = pgTable(
  'gateway_steps',
  {
    counter: text().notNull(),
    step: bigint({ mode: 'number' }).notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    ends: milliseconds().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.counter, table.step] }),
    index('gateway_steps_by_end').on(table.ends),
  ],
);

/** Approvals of single calls; see `policy/approval.ts`. */
export const gatewayApprovals = pgTable(
  'gateway_approvals',
  {
    number: bigint({ mode: 'number' }).generatedByDefaultAsIdentity().primaryKey(),
    id: text().notNull().unique(),
    state: text({ enum: ['pending', 'approved', 'denied', 'used'] }).notNull(),
    fingerprint: text().notNull(),
    server: text().notNull(),
    grant: text().notNull(),
    session: text().notNull(),
    tool: text().notNull(),
    arguments: text().notNull(),
    cut: boolean().notNull(),
    rule: text().notNull(),
    message: text().notNull(),
    askedAt: milliseconds().notNull(),
    expiresAt: milliseconds().notNull(),
    answeredAt: milliseconds(),
    answeredBy: text(),
  },
  (table) => [
    index('gateway_approvals_by_fingerprint').on(table.fingerprint),
    index('gateway_approvals_by_state').on(table.state, table.expiresAt),
  ],
);
