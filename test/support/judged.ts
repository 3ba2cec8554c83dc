import type { Classification, Evidence, RiskLevel } from '../../classifier/contract.ts';
import type { JudgedTool } from '../../policy/recommend.ts';

/** A tool with a verdict that a test makes up. */
export function judged(name: string, risk: RiskLevel, more: Partial<Classification> = {}): JudgedTool {
  const classification: Classification = {
    toolHash: 'hash',
    category: 'Read',
    destructive: false,
    financial: false,
    risk,
    confidence: 'high',
    rationale: '',
    evidence: [{ pointer: '/name', quote: name, note: '' }],
    findings: [],
    hints: [],
    classifierVersion: '1',
    signalSetHash: '',
    reviewer: 'rules',
    ...more,
  };
  return { name, classification };
}

/** A tool on which one signal fires for these parameters, each a pointer below `/inputSchema` and a path. */
export function toolWith(
  signal: string,
  inputSchema: Record<string, unknown> | undefined,
  parameters: readonly [pointer: string, parameter: string][],
  more: { name?: string; description?: string; risk?: RiskLevel } = {},
): JudgedTool {
  const { name = 't', description, risk = 'low' } = more;
  const [first = { pointer: '/name', quote: name, note: '' }, ...rest] = parameters.map(
    ([pointer, parameter]): Evidence => ({
      pointer: `/inputSchema${pointer}`,
      quote: parameter,
      note: '',
      parameter,
    }),
  );
  const finding = {
    signal,
    outcome: 'present' as const,
    confidence: 'high' as const,
    evidence: [first, ...rest] as [Evidence, ...Evidence[]],
  };
  return { ...judged(name, risk, { findings: [finding] }), description, inputSchema };
}
