import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions } from '../location.ts';

interface Options extends DatabaseOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'doctor',
  summary: 'Check that the catalogue and this machine are well, and say what to do.',
  example: 'catalogue doctor',

  configure(command: Commander) {
    addDatabaseOption(command);
    command.addHelpText(
      'after',
      '\nNothing is changed, and the tables are not brought up to date. It ends with 10' +
        '\nwhen there is a problem, and with 4 when the catalogue cannot be opened.',
    );
  },

  async run({ io, options }) {
    const [{ diagnose }, { diagnosisText, exitOf, publishDiagnosis }, { jsonText }, { queueHealth }] =
      await Promise.all([
        import('../doctor.ts'),
        import('../doctor-report.ts'),
        import('../published.ts'),
        import('../../catalogue/queue-status.ts'),
      ]);
    const diagnosis = await diagnose(options, io, { queueHealth });
    await write(
      io.stdout,
      options.json ? `${jsonText(publishDiagnosis(diagnosis), 2)}\n` : diagnosisText(diagnosis, io),
    );
    return exitOf(diagnosis);
  },
});
