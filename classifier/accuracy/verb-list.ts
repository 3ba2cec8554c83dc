import { FiveClass, type Judgement } from './contract.ts';

/**
 * The floor that every figure is printed beside: the first known verb of the tool's name decides, and nothing else is
 * read. It is what a catalogue gets for a page of code.
 */
const VERBS: Readonly<Record<FiveClass, string>> = {
  Read: 'analyze calculate capture check classify compare convert count crawl describe diff download estimate explain export extract fetch find get inspect list load lookup preview query read resolve retrieve scan scrape search show status summarize test translate validate verify view watch',
  Write:
    'accept add append apply approve archive assign attach close comment commit configure copy create disable edit enable import index insert invite link lock log mark merge mint modify move patch post publish put register rename reply reopen replace reset save schedule send set share submit subscribe sync tag toggle unlock unsubscribe update upload upsert write',
  Execute:
    'build call click connect deploy drag evaluate exec execute generate hover invoke launch navigate open play press push rebuild restart run scale spawn start stop trigger type wait',
  Destructive:
    'cancel clear deactivate delete destroy drop erase flush forget kill prune purge remove revoke terminate truncate uninstall unregister wipe',
  Financial: 'buy charge order pay purchase redeem refund sell stake swap trade transfer withdraw',
};

const CLASS_OF: ReadonlyMap<string, FiveClass> = new Map(
  FiveClass.options.flatMap((name) => VERBS[name].split(' ').map((verb) => [verb, name] as const)),
);

/** What the first known verb of a name says. Without one it is Execute: an unknown verb never means Read. */
export function verbListVerdict(name: string): Judgement {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  const found = words.map((word) => CLASS_OF.get(word)).find((known) => known !== undefined);
  if (found === 'Destructive') return { category: 'Write', destructive: true, financial: false };
  if (found === 'Financial') return { category: 'Execute', destructive: false, financial: true };
  return { category: found ?? 'Execute', destructive: false, financial: false };
}
