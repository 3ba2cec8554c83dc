import type { RiskLevel } from '../../classifier/contract.ts';
import type { ExampleTool } from '../../classifier/signal.ts';

/** What the page of a risk level says of it. */
export interface RiskText {
  /** What the level means, in a sentence. */
  meaning: string;
  definition: readonly string[];
  /** Which tools come to it by what they do; signals that raise a tool to it are read from the classifier. */
  ways: readonly string[];
  /** Why the recommended rule is what it is. */
  reason: string;
  /** A plain tool of this level, to show the rule by. */
  example: ExampleTool;
}

export const RISK_TEXTS: Record<RiskLevel, RiskText> = {
  critical: {
    meaning: 'One wrong call is enough: something is gone, or money has moved.',
    definition: [
      'Critical stands for loss that cannot be counted on to be made good: data that is removed, something running that is ended, money or assets that change hands.',
      'The level says nothing about how likely a wrong call is. It says that when it happens, no later call by the same agent puts things right.',
    ],
    ways: [
      'A tool that is destructive: it deletes, drops, purges, revokes or kills, or its text warns that something cannot be undone.',
      'A tool that is financial: it pays, transfers, orders, refunds, or commits to it.',
      'A tool with several actions of which one is such. The gravest counts.',
    ],
    reason:
      'A cap would only slow the loss down, so a person approves each call. The published form of a policy has no way to ask, and denies with that message; the gateway asks.',
    example: { name: 'delete_project', description: 'Delete a project and everything in it.' },
  },
  high: {
    meaning: 'What it does reaches past the call, or past what its category would make one think.',
    definition: [
      'High stands for effects that the definition does not bound: something is started, steered or sent, or the caller’s text decides what happens.',
      'It is also where signals lift tools that seem harmless by category. A tool that only reads and hands out secrets is here.',
    ],
    ways: [
      'Every Execute tool that is neither destructive nor financial.',
      'A tool without any verb that is known, because nothing says that it only reads.',
      'A Read or Write tool that one of the signals below lifts.',
    ],
    reason:
      'Ten calls a minute let an agent work and stop a loop within seconds. Which arguments are acceptable only the owner can say, so that is the part to add: hosts, folders, commands.',
    example: { name: 'run_workflow', description: 'Start a workflow with the given inputs.' },
  },
  medium: {
    meaning: 'It changes data, and what it changes can be changed back.',
    definition: [
      'Medium stands for change that another call can reverse: records that are created or updated, files that are written, things that are renamed, archived or switched.',
      'One such call seldom harms. Hundreds do, and an agent in a loop makes hundreds before anybody looks.',
    ],
    ways: [
      'Every Write tool that is neither destructive nor financial and that no signal lifts.',
      'A Read tool that costs money with each call.',
    ],
    reason: 'Thirty calls a minute are more than a person would make and few enough to clean up after.',
    example: { name: 'create_issue', description: 'Create an issue in a project.' },
  },
  low: {
    meaning: 'It returns information, and nothing worse was found in its definition.',
    definition: [
      'Low is as far as a verdict goes. It says that the definition tells of nothing but reading, not that the tool does nothing else: nobody ran it.',
      'What a tool reads is still read by the model, and can be passed on by other tools. A low tool is often the first part of a combination.',
    ],
    ways: ['A Read tool that no signal lifts.'],
    reason:
      'It is named, so that allowing it allows nothing else. A limit is worth adding where each call costs something or returns much.',
    example: { name: 'list_invoices', description: 'List the invoices of an account, newest first.' },
  },
};
