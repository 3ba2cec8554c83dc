import type { Origin, ServerTarget } from './contract.ts';

/** An image by its full name, with a tag or digest or without one. */
const IMAGE =
  /^[a-z0-9][a-z0-9._-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)*(?::\w[\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/i;

/** Whether a text names a container image, and so cannot be an option of the program that runs it. */
export function isImage(text: string): boolean {
  return text.length <= 500 && IMAGE.test(text);
}

/** The image without tag and digest, and without the words that Docker adds by itself. */
function imageName(image: string): string {
  return image
    .replace(/@sha256:[a-f0-9]+$/i, '')
    .replace(/:[\w.-]+$/, '')
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\//, '');
}

/** The id of the server in an image. */
export function imageId(image: string): string {
  return `oci:${imageName(image).toLowerCase()}`;
}

/**
 * The target for a server in a container image: it is the same server wherever it was found, whatever its tag.
 * Volumes, networks and privileges are never given to it, since listing tools needs none of this machine.
 */
export function imageTarget(
  image: string,
  args: readonly string[],
  envNames: readonly string[],
  origin: Origin,
): ServerTarget {
  const names = [...new Set(envNames)].sort();
  const variables = names.flatMap((name) => ['-e', name]);
  return {
    id: imageId(image),
    label: imageName(image),
    transport: {
      kind: 'stdio',
      command: 'docker',
      args: ['run', '-i', '--rm', ...variables, image, ...args],
      envNames: names,
    },
    origin,
  };
}
