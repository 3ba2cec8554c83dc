/** Every bound of a build, with its reason. */

/** Servers that are asked for at once: as many as the catalogue gives. */
export const SERVERS_AT_ONCE = 100;

/** Servers in a group of which few or none are to be made: enough that going from group to group costs nothing. */
export const MAX_GROUP = 5_000;

/** Lines of the manifest that wait behind one whose pages are still being made. */
export const MAX_PENDING = 64;

/** Servers that are made without a thread: in the time that a thread takes to start, that many are done. */
export const SERVERS_WITHOUT_THREAD = 24;
