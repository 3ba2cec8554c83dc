import type { PolicyDocument } from '../../policy/contract.ts';
import type { Target } from '../../policy/target.ts';
import { ENFORCERS, type Enforcer, type Outcome } from './enforcers.ts';

/** The key of the server where a test does not care. */
export const SERVER = 'notes';

function enforcerOf({ id }: Target): Enforcer {
  const enforcer = ENFORCERS[id];
  if (enforcer === undefined) throw new Error(`test/support/enforcers.ts does not say what ${id} decides.`);
  return enforcer;
}

/** An export, what it lost, and what its target decides by it; calls are of the same server unless another is named. */
export function enforced(
  target: Target,
  document: PolicyDocument,
  tools: readonly string[],
  server = SERVER,
) {
  const { text, losses } = target.emit(document, { serverName: server, tools });
  const decide = enforcerOf(target)(text);
  return {
    text,
    losses,
    decide: (tool: string, args = {}, of = server): Outcome => decide({ server: of, tool, args }),
  };
}

/** The tools that a loss names; a sentence about the whole document names none. */
export function namedIn(loss: string): string[] {
  const at = loss.lastIndexOf(': ');
  return at < 0 ? [] : loss.slice(at + 2, -1).split(', ');
}
