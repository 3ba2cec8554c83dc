import { signals } from '../classifier/signals/index.generated.ts';
import { attacks } from './attacks/index.generated.ts';
import {
  aboutPath,
  accuracyPath,
  attackPath,
  attacksPath,
  builderPath,
  categoryPath,
  changesPath,
  comparePath,
  homePath,
  riskPath,
  serversPath,
  signalPath,
  signalsPath,
  stackPath,
} from './links.ts';
import { CATEGORIES, RISKS } from './words.ts';

/** The pages that are not about one server, for those who read the site by machine. */

interface MainPage {
  path: string;
  title: string;
  /** What a reader finds there, in a sentence. */
  summary: string;
}

export const MAIN_PAGES: readonly MainPage[] = [
  { path: serversPath(), title: 'Servers', summary: 'Every server, with its tools by risk.' },
  { path: changesPath, title: 'Changes', summary: 'Which tools appeared, changed and vanished lately.' },
  { path: signalsPath, title: 'Signals', summary: 'What is looked for in a definition, and why.' },
  { path: attacksPath, title: 'Attacks', summary: 'How such tools are turned against those who use them.' },
  { path: accuracyPath, title: 'Accuracy', summary: 'How often the verdicts are right, as measured.' },
  { path: stackPath, title: 'My stack', summary: 'The risks of all servers in one client’s configuration.' },
  { path: builderPath, title: 'Policy builder', summary: 'A policy for the tools that one picks.' },
  { path: comparePath, title: 'Compare', summary: 'Two servers side by side.' },
  { path: aboutPath, title: 'About', summary: 'How verdicts come about, and how to contest one.' },
];

/** The addresses of all pages that are not about one server, but for the parts of lists and the search. */
export function mainPaths(): string[] {
  return [
    homePath,
    ...MAIN_PAGES.map(({ path }) => path),
    ...RISKS.map(riskPath),
    ...CATEGORIES.map(categoryPath),
    ...signals.map(({ id }) => signalPath(id)),
    ...attacks.map(({ id }) => attackPath(id)),
  ];
}
