import { lstatSync, readlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, sep } from 'node:path';
import process from 'node:process';
import type { Launch } from '../launch.ts';
import {
  KILL_WAIT_MS,
  SANDBOX_CPU_SECONDS,
  SANDBOX_DATA_BYTES,
  SANDBOX_DISK_BYTES,
  SANDBOX_PROCESSES,
  SANDBOX_SHARED_BYTES,
} from '../limits.ts';
import { processGone } from '../process-group.ts';
import type { Scratch } from '../scratch.ts';
import type { Sandbox, View } from './types.ts';

/** Who a server is inside, by the number that stands for nobody. */
const NOBODY = '65534';

/** Where programs and libraries are, beside /usr; links into it on most systems. */
const SYSTEM_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];

/** What programs read of /etc to start; everything else there is about this machine. */
const SETTINGS = [
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/certs',
  '/etc/ca-certificates',
];

/** Files of /etc that are made up. */
const MADE_UP = {
  passwd: `nobody:x:${NOBODY}:${NOBODY}:nobody:/:/bin/sh\n`,
  group: `nogroup:x:${NOBODY}:\n`,
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
};

const ARGS_FD = '3';
const INFO_FD = '4';

/** The facts about this machine that the arguments depend on. */
export interface Machine {
  /** Whether we are root, who is not bound by a limit of processes. */
  root: boolean;
  /** Arguments that put the system's folders in place. */
  system: readonly string[];
}

/** A sandbox of the program `file`, which is bubblewrap. */
export function bubblewrap(file: string, machine: Machine = thisMachine()): Sandbox {
  return {
    isolation: 'bubblewrap',
    async wrap(launch, view, scratch) {
      const settings = join(scratch.folder, 'etc');
      await mkdir(settings, { recursive: true });
      for (const [name, text] of Object.entries(MADE_UP)) await writeFile(join(settings, name), text);
      return {
        command: file,
        args: ['--args', ARGS_FD, '--', ...bubblewrapCommand(launch, machine)],
        cwd: scratch.folder,
        // What the server gets must not steer bubblewrap itself, as LD_PRELOAD would.
        env: {},
        inside: {
          input: bubblewrapOptions(launch, view, scratch, machine).join('\0'),
          gone: (report) => processGone(innerPid(report), KILL_WAIT_MS),
        },
      };
    },
  };
}

/**
 * The options with which bubblewrap starts a server. They hold the values of its variables, so they go through a
 * pipe: a command line can be read by every user of the machine.
 */
export function bubblewrapOptions(launch: Launch, view: View, scratch: Scratch, machine: Machine): string[] {
  const environment = { ...launch.env, PATH: searchPath() };
  const readable = outermost([...view.readable, nodeFolder()]);
  return [
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--hostname', 'sandbox', '--die-with-parent', '--new-session', '--info-fd', INFO_FD],
    ...(machine.root
      ? ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']
      : ['--unshare-user', '--uid', NOBODY, '--gid', NOBODY]),
    ...['--ro-bind', '/usr', '/usr', ...machine.system],
    ...[
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      ...memory('/dev/shm', SANDBOX_SHARED_BYTES),
      '--remount-ro',
      '/dev',
    ],
    ...memory('/tmp', SANDBOX_DISK_BYTES),
    ...SETTINGS.flatMap((path) => [...parents(path), '--ro-bind-try', path, path]),
    ...Object.keys(MADE_UP).flatMap((name) => [
      '--ro-bind',
      join(scratch.folder, 'etc', name),
      join('/etc', name),
    ]),
    ...readable.flatMap((path) => [...parents(path), '--ro-bind', path, path]),
    ...view.empty.flatMap((path) => [...parents(path), '--perms', '0755', '--dir', path]),
    ...[...parents(scratch.folder), ...memory(scratch.folder, SANDBOX_DISK_BYTES)],
    ...[scratch.home, scratch.temporary, scratch.work].flatMap((path) => ['--perms', '0777', '--dir', path]),
    ...['--remount-ro', '/', '--chdir', launch.cwd, '--clearenv'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

/** What bubblewrap runs inside: the server behind the programs that bind it. */
export function bubblewrapCommand({ command, args }: Launch, { root }: Machine): string[] {
  return [...(root ? dropRoot() : []), ...limits(), command, ...args];
}

/** What this machine is like. */
function thisMachine(): Machine {
  return { root: process.getuid?.() === 0, system: SYSTEM_FOLDERS.flatMap(systemFolder) };
}

function systemFolder(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  return stat.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** A writable folder that is memory and holds so many bytes at most. */
function memory(path: string, bytes: number): string[] {
  return ['--perms', '1777', '--size', String(bytes), '--tmpfs', path];
}

/** The folders above a path; those that bubblewrap makes by itself are closed to everybody but root. */
function parents(path: string): string[] {
  const above = dirname(path);
  return above === dirname(above) ? [] : [...parents(above), '--perms', '0755', '--dir', above];
}

/**
 * Root cannot be bound by a number of processes, so that the server becomes nobody; in a user namespace of its own,
 * because the processes of one user are counted together there and not over the whole machine.
 */
function dropRoot(): string[] {
  const nobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
  return [...nobody, 'unshare', '--user', '--map-current-user', '--'];
}

function limits(): string[] {
  return [
    'prlimit',
    `--data=${SANDBOX_DATA_BYTES}`,
    `--nproc=${SANDBOX_PROCESSES}`,
    `--cpu=${SANDBOX_CPU_SECONDS}`,
    `--fsize=${SANDBOX_DISK_BYTES}`,
    '--core=0',
    '--',
  ];
}

/** Our own Node, which is wherever the user installed it. */
function nodeFolder(): string {
  const bin = dirname(process.execPath);
  return bin.endsWith(`${sep}bin`) ? dirname(bin) : process.execPath;
}

/** The user's own search path names folders that are not there and tells who the user is. */
function searchPath(): string {
  return [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
}

/** The paths that are in none of the others, nor in /usr. */
function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)].sort();
  return all.filter(
    (path) => !['/usr', ...all].some((other) => path.startsWith(`${other}/`) || path === '/usr'),
  );
}

/** The first process inside, by the number that it has outside. */
function innerPid(report: string): number | undefined {
  const [, digits] = /"child-pid": (\d+)/.exec(report) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
