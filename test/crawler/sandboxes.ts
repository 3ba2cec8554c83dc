import process from 'node:process';
import { findSandbox, type Sandbox, type SandboxChoice } from '../../crawler/sandbox.ts';

/** A sandbox for tests, or why there is none here. */
export async function sandboxOr(choice: SandboxChoice, scratchRoot: string): Promise<Sandbox | string> {
  const deps = { environment: process.env, platform: process.platform, scratchRoot };
  return findSandbox(choice, deps).catch((error: Error) => error.message);
}
