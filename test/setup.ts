const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// `npm ci --ignore-scripts` leaves the machine's own Node in place without a word.
if (major < 22 || (major === 22 && minor < 18)) {
  throw new Error(
    `The tests need Node 22.18 or newer and this is ${process.versions.node}: run \`npm ci\` with install scripts allowed.`,
  );
}
