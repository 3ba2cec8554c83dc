/** Every bound of a build, with its reason. */

/** Servers that are asked for at once: as many as the catalogue gives. */
export const SERVERS_AT_ONCE = 100;

/** Servers in a group of which few or none are to be made: enough that going from group to group costs nothing. */
export const MAX_GROUP = 5_000;

/** Lines of the manifest that wait behind one whose pages are still being made. */
export const MAX_PENDING = 64;

/** Servers that are made without a thread: in the time that a thread takes to start, that many are done. */
export const SERVERS_WITHOUT_THREAD = 24;

/**
 * Of a thread that makes pages, in megabytes. What a page leaves behind is collected soon, so that the threads take
 * 100 MB less and no more time; the rest is for a server with as many tools as the crawler lets through.
 */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 };
