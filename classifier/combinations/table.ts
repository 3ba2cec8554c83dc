import type { RoleId } from './roles.ts';

/** Parts that make an attack when one agent has tools for all of them. */
export interface Pattern {
  id: string;
  title: string;
  /** What an attacker could do with it, in one sentence. */
  why: string;
  roles: readonly RoleId[];
}

/**
 * Each has been carried out against real agents: the first against the MCP servers of GitHub (Invariant Labs, May 2025)
 * and Supabase (General Analysis, June 2025), and named the lethal trifecta by Simon Willison; secrets by the
 * s1ngularity packages (August 2025); writing, then running, by CVE-2025-53773 and CVE-2025-54135, in which an agent
 * rewrote its own settings; persistence by instructions planted in an assistant's memory (J. Rehberger, 2024).
 */
export const patterns: readonly Pattern[] = [
  {
    id: 'lethal-trifecta',
    title: 'Private data, untrusted text and a way out',
    why: 'Text that a stranger wrote can tell the agent to read what is private and to send it to the stranger.',
    roles: ['private-data', 'untrusted-content', 'way-out'],
  },
  {
    id: 'secrets-and-way-out',
    title: 'Stored secrets and a way out',
    why: 'A key or password that one tool returns can leave through another in the same conversation.',
    roles: ['secrets', 'way-out'],
  },
  {
    id: 'write-and-run',
    title: 'Writing files and running code',
    why: 'A script or a setting that one tool writes is run by the other, past whatever rule stands before each alone.',
    roles: ['file-writing', 'code-running'],
  },
  {
    id: 'untrusted-text-and-code',
    title: 'Untrusted text and running code',
    why: 'A page or message that the agent reads can tell it which command to run.',
    roles: ['untrusted-content', 'code-running'],
  },
  {
    id: 'untrusted-text-and-money',
    title: 'Untrusted text and moving money',
    why: 'A page or message that the agent reads can tell it whom to pay, and payments are rarely taken back.',
    roles: ['untrusted-content', 'money'],
  },
  {
    id: 'untrusted-text-and-destruction',
    title: 'Untrusted text and destruction',
    why: 'A page or message that the agent reads can tell it to destroy what cannot be restored.',
    roles: ['untrusted-content', 'irreversible'],
  },
  {
    id: 'untrusted-text-and-access',
    title: 'Untrusted text and giving access',
    why: 'A page or message that the agent reads can tell it to let its writer in.',
    roles: ['untrusted-content', 'access'],
  },
  {
    id: 'untrusted-text-and-persistence',
    title: 'Untrusted text and something that lasts',
    why: 'A page or message read once can plant an instruction that acts again long after the conversation is over.',
    roles: ['untrusted-content', 'persistence'],
  },
];
