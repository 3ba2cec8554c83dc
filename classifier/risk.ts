import type { Category, RiskLevel } from './contract.ts';

/** From the lowest. */
const RISK_ORDER: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

/** The risk of a tool of whose category alone we know. */
export const BASE_RISK: Readonly<Record<Category, RiskLevel>> = {
  Read: 'low',
  Write: 'medium',
  Execute: 'high',
};

/** The highest of these risks; low when there are none. */
export function highestRisk(risks: readonly RiskLevel[]): RiskLevel {
  return RISK_ORDER.findLast((risk) => risks.includes(risk)) ?? 'low';
}
