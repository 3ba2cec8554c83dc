/** Every bound that the crawler sets on a stranger's server, with its reason. */

/**
 * Levels of nesting in one tool's definition. Real schemas stay under 20; a definition nested 20,000 deep is an
 * attack on the stack of whoever walks it.
 */
export const MAX_TOOL_DEPTH = 128;

/** Characters of one tool's definition as JSON. The largest seen in the wild is 15 kB. */
export const MAX_TOOL_CHARS = 1_000_000;
