import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

interface Options {
  out: string;
  port: string;
  host: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'serve',
  summary: 'Serve a built site on this machine.',
  example: 'catalogue serve --port 8080',

  configure(command: Commander) {
    command
      .option('--out <folder>', 'the folder that `catalogue build` wrote', 'public')
      .option('--port <number>', 'the port to listen on; 0 takes a free one', '8080')
      .option('--host <address>', 'the address to listen on', '127.0.0.1');
  },

  async run({ io, options }) {
    const [{ serveFolder }, { jsonText }] = await Promise.all([
      import('../serve.ts'),
      import('../published.ts'),
    ]);
    const port = Number(options.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw usageError(`--port takes a number from 0 to 65535, not '${options.port}'.`);
    }
    const server = await serveFolder({ folder: options.out, cwd: io.cwd, host: options.host, port });
    if (options.json) await write(io.stdout, `${jsonText({ url: server.url })}\n`);
    else await write(io.stderr, `Serving ${options.out} at ${server.url} until Ctrl-C.\n`);
    await new Promise<void>((resolve) => {
      if (io.signal.aborted) resolve();
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await server.close();
    return EXIT.done;
  },
});
