import type { Isolation } from '../contract.ts';
import type { Launch } from '../launch.ts';
import type { Scratch } from '../scratch.ts';

/** What a server gets to see of this machine, beside the programs and libraries of the system. */
export interface View {
  /** Files and folders it may read, at the paths they have here. */
  readable: readonly string[];
  /** Folders that exist for it and are empty. */
  empty: readonly string[];
}

/** A way to start servers that keeps them from the rest of the machine. */
export interface Sandbox {
  isolation: Isolation;
  /** Why it is not a better one, in one sentence for a person; undefined for the best one and for the one asked for. */
  reason?: string;
  /** The launch that starts a server inside. Throws a fault of phase `spawn` when that server cannot be started there. */
  wrap(launch: Launch, view: View, scratch: Scratch): Promise<Launch>;
}
