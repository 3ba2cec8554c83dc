/**
 * PostgreSQL's advisory locks that the catalogue takes, by number: all in one list, because two uses of one number would
 * wait for each other. Any numbers will do that no other program is likely to take in the same database.
 */
export const ADVISORY_LOCKS = {
  /** Bringing the tables up to date. */
  migration: 7_260_112,
  /** Taking servers from the queue. */
  claim: 7_260_113,
  /** Reading a source into the queue; with a hash of the source. */
  source: 7_260_114,
  /** Putting what a search finds in step with the newest lists. */
  currentTools: 7_260_115,
} as const;
