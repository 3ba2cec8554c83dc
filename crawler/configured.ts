import type { EntryShape } from './client-shape.ts';
import { addressId, commandText, isRelativePath, pythonId } from './command-words.ts';
import { expandVariables } from './expand.ts';
import { imageId, isImage } from './oci.ts';
import { parseNpxCall, parsePackageSpec } from './package-spec.ts';

/** Which server an entry of a client's configuration starts, by its words alone; nothing is run or asked. Pure. */

/** What a server is known by, and how it is scanned without anything of the user's own. */
export interface ConfiguredId {
  /** As a registry or the crawler names it; absent where no package, image or address can be read off. */
  id?: string;
  /** What the crawler hashes into the id of a command; absent where it depends on the user's machine. */
  commandText?: string;
  /** What `catalogue scan` takes; absent where it would repeat an argument or an address of the user's. */
  scan?: string;
}

/** Reads an entry. Nothing that it gives has a value of a variable, an argument or a header in it. */
export function configuredId({ command, args, address }: EntryShape): ConfiguredId {
  if (address !== undefined) return fromAddress(address);
  if (command === undefined) return {};
  const npx = parseNpxCall(command, args);
  // The crawler knows what npx runs by its package and by nothing else.
  if (npx !== undefined) return fromPackage(npx.spec.name, npx.args);
  const found = fromRunner(command, args) ?? {};
  const words = [command, ...args];
  const isOwn = words.some((word) => isRelativePath(word) || needsVariable(word));
  return { ...found, ...(!isOwn && { commandText: commandText({ command, args, cwd: undefined }) }) };
}

function needsVariable(text: string): boolean {
  const { text: expanded, missing } = expandVariables(text, {});
  return missing.length > 0 || expanded !== text;
}

/** The query of an address is mostly a key, and no part of what is looked up. */
function fromAddress(address: string): ConfiguredId {
  const [place = ''] = address.split(/[?#]/, 1);
  const url = URL.parse(place);
  if (url === null || !/^https?:$/.test(url.protocol) || needsVariable(place)) return {};
  return { id: addressId(url.href) };
}

function fromRunner(command: string, args: readonly string[]): ConfiguredId | undefined {
  const program = (command.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:exe|cmd)$/i, '').toLowerCase();
  const runner = RUNNERS.find(
    ({ program: name, before }) =>
      name === program && before.every((word, index) => args[index]?.toLowerCase() === word),
  );
  return runner?.read(args.slice(runner.before.length));
}

interface Runner {
  program: string;
  /** The words that stand between it and its options. */
  before: readonly string[];
  read(args: readonly string[]): ConfiguredId | undefined;
}

const RUNNERS: readonly Runner[] = [
  { program: 'bunx', before: [], read: readNode },
  { program: 'pnpx', before: [], read: readNode },
  { program: 'pnpm', before: ['dlx'], read: readNode },
  { program: 'yarn', before: ['dlx'], read: readNode },
  { program: 'npm', before: ['exec'], read: readNode },
  { program: 'uvx', before: [], read: readPython },
  { program: 'uv', before: ['tool', 'run'], read: readPython },
  { program: 'pipx', before: ['run'], read: readPython },
  { program: 'docker', before: ['run'], read: readImage },
  { program: 'docker', before: ['container', 'run'], read: readImage },
  { program: 'podman', before: ['run'], read: readImage },
  { program: 'cmd', before: ['/c'], read: ([command = '', ...args]) => fromRunner(command, args) },
];

/** A program that passes on a server at an address is that server. */
const RELAY = 'mcp-remote';

function fromPackage(name: string, args: readonly string[]): ConfiguredId {
  const address = name === RELAY ? args.find((arg) => /^https?:\/\//i.test(arg)) : undefined;
  return address === undefined ? { id: `npm:${name}`, scan: `npm:${name}` } : fromAddress(address);
}

function readNode(args: readonly string[]): ConfiguredId | undefined {
  const at = args.findIndex((arg) => !/^(?:-y|--yes|-q|--quiet|--|--bun)$/.test(arg));
  const spec = parsePackageSpec(args[at] ?? '');
  return spec && fromPackage(spec.name, args.slice(at + 1));
}

/** Options of uvx and pipx that are followed by a value which does not say what is run. */
const PYTHON_VALUES =
  /^(?:--python|-p|--with|--index|--index-url|-i|--extra-index-url|--cache-dir|--refresh-package)$/;

function readPython(args: readonly string[]): ConfiguredId | undefined {
  let spec: string | undefined;
  for (let at = 0; at < args.length && spec === undefined; at++) {
    const arg = args[at] ?? '';
    if (arg === '--from' || arg === '--spec') spec = args[at + 1] ?? '';
    else if (arg.startsWith('--from=') || arg.startsWith('--spec=')) spec = arg.slice(7);
    else if (PYTHON_VALUES.test(arg)) at++;
    else if (!arg.startsWith('-')) spec = arg;
  }
  const [, name] = /^([a-z0-9](?:[\w.-]*[a-z0-9])?)(?:\[[\w,.-]*\])?(?:[=<>!~@].*)?$/i.exec(spec ?? '') ?? [];
  if (name === undefined) return undefined;
  return { id: pythonId(name), scan: `-- uvx ${name}` };
}

/** Options of `docker run` that are not followed by a value. */
const IMAGE_FLAGS =
  /^(?:-[itdPq]+|--(?:interactive|tty|detach|rm|init|privileged|read-only|publish-all|quiet|no-healthcheck|oom-kill-disable|sig-proxy|disable-content-trust|help)(?:=.*)?)$/;

function readImage(args: readonly string[]): ConfiguredId | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) {
      return isImage(arg) ? { id: imageId(arg), scan: `-- docker run -i --rm ${arg}` } : undefined;
    }
    // A value may also stand behind a short option without a blank: `-eNAME`.
    const isWhole = arg.includes('=') || IMAGE_FLAGS.test(arg) || /^-[evpuwhlmc]./.test(arg);
    if (!isWhole) at++;
  }
  return undefined;
}
