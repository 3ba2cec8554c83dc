import { Writable } from 'node:stream';
import { EXIT } from '../cli/exit-codes.ts';
import { createProgram } from '../cli/run.ts';

/** `docs/commands.md`: the help of every command, and the exit codes. */
export function renderCommandDocs(): string {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const output = { stream, isTerminal: false, columns: 80 };
  const program = createProgram({ stdout: output, stderr: output }, async () => {});
  const helpOf = (command: { outputHelp(): void }) => {
    chunks.length = 0;
    command.outputHelp();
    return chunks.join('').trimEnd();
  };
  const sections = program.commands
    .flatMap((command) =>
      command.commands.length === 0
        ? [{ name: command.name(), command }]
        : command.commands.map((inner) => ({ name: `${command.name()} ${inner.name()}`, command: inner })),
    )
    .map(({ name, command }) => `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`);
  const exits = Object.values(EXIT).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return `# Commands

<!-- Written by \`npm run generate\` from the commands themselves. -->

Data goes to stdout; progress, remarks and errors go to stderr. Colours and progress appear on a terminal only, and
\`NO_COLOR\` is honoured.

${sections.join('\n')}
## Exit codes

| code | meaning |
|---|---|
${exits.join('\n')}

Codes that are not in the table are reserved.
`;
}
