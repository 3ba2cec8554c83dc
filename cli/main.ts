#!/usr/bin/env node
// Nothing is imported before this check: an older Node would fail on the imports with a message that helps nobody.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `catalogue: needs Node 22.18 or newer, and this is ${process.versions.node}. ` +
      'Install a newer one; in a checkout of the project, `npm run catalogue` brings its own.\n',
  );
  process.exitCode = 2;
} else {
  void import('./process.ts').then(({ main }) => main());
}

export {};
