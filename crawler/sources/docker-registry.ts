import { join } from 'node:path';
import { dockerTarget, parseDockerServer } from '../docker-server.ts';
import { usageError } from '../fault.ts';
import { MAX_MESSAGE_BYTES, MAX_SERVER_YAML_CHARS } from '../limits.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';
import { isMissing, readIfThere, sourcePath } from '../source-file.ts';
import { errorText, quote } from '../text.ts';

const ID = 'docker-registry';

/** A checkout of a registry of container images, with a folder for each server. */
export const source = defineSource({
  id: ID,
  title: "Docker's MCP registry",
  summary:
    'Every server in a checkout of servers/*/server.yaml; tools written down in its tools.json are declared.',
  example: './mcp-registry',
  async *targets(ref, deps) {
    const root = sourcePath(ref, deps);
    const folder = join(root, 'servers');
    const names = await deps.readFolder(folder).catch((error: unknown) => {
      const reason = isMissing(error) ? 'it has no folder "servers"' : errorText(error);
      throw usageError(`The registry in ${quote(ref)} cannot be read: ${reason}.`);
    });
    for (const name of names) {
      const sourced = await readServer(join(folder, name), name, deps);
      if (sourced) yield sourced;
    }
  },
});

/** The server of one folder. What cannot be read is warned about and costs itself only. */
async function readServer(
  folder: string,
  name: string,
  deps: SourceDeps,
): Promise<SourcedTarget | undefined> {
  try {
    const text = await readIfThere(join(folder, 'server.yaml'), deps, MAX_SERVER_YAML_CHARS);
    // A file beside the folders, such as a README, is no server.
    if (text === undefined) return undefined;
    return dockerTarget(parseDockerServer(text), await readTools(folder, name, deps), ID);
  } catch (error) {
    deps.warn(`The server ${quote(name)} was left out: ${errorText(error)}.`);
    return undefined;
  }
}

async function readTools(folder: string, name: string, deps: SourceDeps): Promise<unknown[]> {
  try {
    const text = await readIfThere(join(folder, 'tools.json'), deps, MAX_MESSAGE_BYTES);
    const tools: unknown = text === undefined ? [] : JSON.parse(text);
    if (Array.isArray(tools)) return tools;
    throw new Error('it is not a list');
  } catch (error) {
    deps.warn(`The tools declared for ${quote(name)} were left out: ${errorText(error)}.`);
    return [];
  }
}
