import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { crawlFault } from '../fault.ts';
import type { Launch } from '../launch.ts';
import {
  CONTAINER_CPUS,
  CONTAINER_MEMORY_BYTES,
  CONTAINER_REMOVE_MS,
  SANDBOX_DISK_BYTES,
  SANDBOX_PROCESSES,
} from '../limits.ts';
import { runCommand } from '../run-command.ts';
import type { Scratch } from '../scratch.ts';
import { quote } from '../text.ts';
import type { Sandbox, View } from './types.ts';

/** Has Node and nothing else of use; of the version that this program is developed with. */
const DOCKER_IMAGE = 'node:24-slim';

const NOBODY = '65534:65534';

/** Variables that the image sets itself. */
const IMAGE_VARIABLES = new Set(['PATH']);

/**
 * A sandbox of containers. `file` is Docker's client, `environment` what the client itself needs to reach its engine.
 */
export function docker(file: string, environment: Readonly<Record<string, string>>): Sandbox {
  return {
    isolation: 'docker',
    async wrap(launch, view, scratch) {
      const name = `catalogue-${basename(scratch.folder)}`;
      // Through a file that only we can read: a command line can be read by every user of the machine.
      const envFile = join(scratch.folder, 'variables');
      await writeFile(envFile, variables(launch.env), { mode: 0o600 });
      const outside = { command: file, env: environment, cwd: scratch.folder };
      return {
        ...outside,
        args: dockerArgs(launch, view, scratch, { name, envFile }),
        inside: {
          input: '',
          // A client that was killed leaves its container running.
          gone: async () => {
            const remove = { ...outside, args: ['rm', '--force', name] };
            const { how } = await runCommand(remove, { timeoutMs: CONTAINER_REMOVE_MS });
            return how === 'exit';
          },
        },
      };
    },
  };
}

/** The arguments with which Docker's client starts a server. Throws a fault when the image lacks its command. */
export function dockerArgs(
  launch: Launch,
  view: View,
  scratch: Scratch,
  { name, envFile }: { name: string; envFile: string },
): string[] {
  const node = launch.command === process.execPath;
  if (!node && !view.readable.some((path) => launch.command.startsWith(`${path}/`))) {
    const why = `the container has Node.js and not ${quote(basename(launch.command))}`;
    throw crawlFault('spawn-failed', `was not started: ${why}`, { phase: 'spawn' });
  }
  const writable = [scratch.home, scratch.temporary, scratch.work, '/tmp'];
  return [
    ...['run', '--rm', '--interactive', '--init', '--name', name, '--network', 'none', '--read-only'],
    ...writable.flatMap((path) => ['--tmpfs', `${path}:rw,mode=1777,size=${SANDBOX_DISK_BYTES}`]),
    ...['--memory', String(CONTAINER_MEMORY_BYTES), '--memory-swap', String(CONTAINER_MEMORY_BYTES)],
    ...['--pids-limit', String(SANDBOX_PROCESSES), '--cpus', String(CONTAINER_CPUS)],
    ...[
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--user',
      NOBODY,
      '--hostname',
      'sandbox',
    ],
    ...['--stop-timeout', '1', '--log-driver', 'none', '--env-file', envFile],
    ...[...new Set(view.readable)].sort().flatMap((path) => ['--mount', mount(path)]),
    ...view.empty.flatMap((path) => ['--tmpfs', `${path}:ro,size=4k`]),
    ...['--workdir', launch.cwd, '--entrypoint', node ? 'node' : launch.command, DOCKER_IMAGE],
    ...launch.args,
  ];
}

/** A field with a comma is quoted as in CSV. */
function mount(path: string): string {
  const fields = ['type=bind', 'readonly', `source=${path}`, `target=${path}`];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** The lines of a file of variables. Throws a fault for a value of several lines, which cannot be written there. */
function variables(env: Readonly<Record<string, string>>): string {
  const entries = Object.entries(env).filter(([name]) => !IMAGE_VARIABLES.has(name));
  const long = entries.find(([, value]) => /[\r\n]/.test(value));
  if (long) {
    const why = `Docker takes no variable of several lines, as ${quote(long[0])} is`;
    throw crawlFault('spawn-failed', `was not started: ${why}`, { phase: 'spawn' });
  }
  return entries.map(([name, value]) => `${name}=${value}\n`).join('');
}
