import type { SourceDeps } from '../../../crawler/source.ts';

/** A world of the given files, with a list of what was warned about. */
export function world(
  files: Record<string, string> = {},
  more: Partial<SourceDeps> = {},
): SourceDeps & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    cwd: '/work/project',
    home: '/home/someone',
    platform: 'linux',
    environment: {},
    args: [],
    envNames: [],
    headers: {},
    async readFile(path) {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
    warn: (message) => warnings.push(message),
    warnings,
    ...more,
  };
}
