import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

export const command = defineCommand<{ json?: boolean }>({
  id: 'sources',
  summary: 'List the sources that `crawl` knows.',
  example: 'catalogue sources',
  configure() {},

  async run({ io, options }) {
    const [{ sources }, { jsonText }, { wrap }] = await Promise.all([
      import('../../crawler/sources/index.generated.ts'),
      import('../published.ts'),
      import('../terminal.ts'),
    ]);
    const list = sources.map(({ id, title, summary, example, defaultRef }) => ({
      id,
      title,
      summary,
      example,
      defaultRef: defaultRef ?? null,
    }));
    if (options.json) {
      await write(io.stdout, `${jsonText({ sources: list }, 2)}\n`);
      return EXIT.done;
    }
    const text = list.map(
      ({ id, summary, example }) => `${id}\n${wrap(summary, 80, '  ')}  e.g. ${example}\n`,
    );
    await write(io.stdout, text.join('\n'));
    return EXIT.done;
  },
});
