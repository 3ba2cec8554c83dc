import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts the process that is many fake servers, and gives its address and what ends it. */
export async function startManyServers(args: readonly string[] = []): Promise<{ url: string; stop(): void }> {
  const program = fileURLToPath(new URL('../fixtures/many-servers.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: chunk.toString('utf8').trim(), stop: () => void child.kill('SIGKILL') };
}
