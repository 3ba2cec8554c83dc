import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Ends the run with one line that counts every test, after naming each skipped one with its reason. */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    for (const test of tests) {
      if (test.result().state === 'skipped') process.stdout.write(`skipped: ${describe(test)}\n`);
    }
    process.stdout.write(
      `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    );
  },
};

function describe(test: TestCase): string {
  const result = test.result();
  const reason = result.state === 'skipped' && result.note ? result.note : 'no reason given';
  return `${test.fullName} (${reason})`;
}
