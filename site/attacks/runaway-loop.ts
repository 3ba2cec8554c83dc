import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'runaway-loop',
  title: 'Runaway loop',
  summary: 'An agent calls the same tools again and again, and nothing but a limit ends it.',
  how: [
    'An agent decides after each result what to do next. A result that never satisfies it, an error that reads like “try again”, or two agents that answer each other keep it going. There is no end built in, and no fatigue.',
    'It takes no attacker. It is also an attack: text that makes an agent repeat an action costs its writer nothing and the owner of the agent every call, and has been shown to be harder to notice than open misuse, since each single call is an ordinary one.',
    'What it costs depends on the tool. Searches fill a quota; paid calls fill a bill; writes leave hundreds of tickets, branches or machines.',
  ],
  needs: 'A tool without a limit in front of it; the worse, the more one call costs or leaves behind.',
  access: [
    { signal: 'spends-money', weight: 3 },
    { signal: 'model-inference', weight: 3 },
    { signal: 'bulk', weight: 2 },
    { signal: 'unbounded', weight: 2 },
    { category: 'Execute', weight: 1 },
    { category: 'Write', weight: 1 },
  ],
  combinations: [],
  example: [
    'An agent is to get a build green. It calls `run_pipeline`, reads the log, changes a file, and calls again.',
    'The test that fails depends on the time of day.',
    'By the morning there have been 640 runs on rented machines.',
  ],
  signs: [
    'The same tool with the same arguments, or nearly, many times in a row.',
    'Errors that come back faster than the work would take.',
    'A description that invites it: “poll until done”, “retry on failure”.',
  ],
  rule: {
    words:
      'Two limits on the tool, one for the minute and one for the day, and one over all tools of the session. The message tells the agent to stop, so that it does not take the denial for one more error to retry.',
    policy: {
      version: '1',
      default: 'deny',
      all_tools: {
        limits: [{ counter: 'all_calls', window: 'hour', max: 300, scope: 'session' }],
      },
      tools: {
        run_pipeline: {
          limits: [
            { counter: 'run_pipeline_rate', window: 'minute', max: 2, scope: 'grant' },
            { counter: 'run_pipeline_day', window: 'day', max: 20, scope: 'grant' },
          ],
        },
        get_log: { limits: [{ counter: 'get_log_rate', window: 'minute', max: 30, scope: 'grant' }] },
      },
    },
  },
  vain: [
    'A larger model. It loops with better reasons.',
    'A limit on tokens of one answer, where the loop is made of many answers.',
    'An alert on the bill, which comes the day after.',
  ],
  sources: [SOURCES.breakingAgents, SOURCES.unboundedConsumption, SOURCES.cweThrottling],
});
