import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerableApprovals } from '../../gateway/approvals-file.ts';
import type { ApprovalRequest } from '../../gateway/contract.ts';
import { ANSWERED_APPROVAL_MS, MAX_PENDING_APPROVALS, PENDING_APPROVAL_MS } from '../../gateway/limits.ts';
import { race, STORES, type StatePlace } from '../support/gateway-stores.ts';

const START = Date.parse('2026-01-02T03:04:05.678Z');
const SECOND = 1_000;

let requests = 0;
/** A request that no other test has made. */
function request(change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    fingerprint: createHash('sha256').update(`request ${++requests}`).digest('hex'),
    caller: { grant: 'laptop', session: 's1', server: 'github' },
    tool: 'delete_repo',
    args: { repo: 'docs' },
    rule: '/tools/delete_repo/require_approval/0',
    message: 'Deleting is for people to decide.',
    ...change,
  };
}

describe.each(STORES)('approvals in $store', ({ create }) => {
  let place: StatePlace;
  let approvals: AnswerableApprovals;
  beforeAll(async () => {
    place = await create();
    approvals = await place.approvals();
  });
  afterAll(async () => {
    await approvals.close();
    await place.remove();
  });

  async function listed(id: string, now = START) {
    return (await approvals.list(now)).find((entry) => entry.id === id);
  }

  async function approved(change: Partial<ApprovalRequest> = {}, now = START) {
    const asked = request(change);
    const { id } = await approvals.take(asked, now);
    expect(await approvals.approve(id, 'ann', now)).toMatchObject({ ok: true });
    return { asked, id };
  }

  test('wait for a person under one id, and let one call through when approved', async () => {
    const asked = request();
    const first = await approvals.take(asked, START);
    expect(first.state).toBe('pending');
    expect(await approvals.take(asked, START + SECOND)).toEqual(first);
    expect(await listed(first.id)).toMatchObject({
      state: 'pending',
      server: 'github',
      grant: 'laptop',
      tool: 'delete_repo',
      arguments: '{"repo":"docs"}',
      cut: false,
      rule: '/tools/delete_repo/require_approval/0',
      message: 'Deleting is for people to decide.',
      askedAt: START,
      expiresAt: START + PENDING_APPROVAL_MS,
    });

    expect(await approvals.approve(first.id, 'ann', START + 2 * SECOND)).toMatchObject({
      ok: true,
      entry: { id: first.id, state: 'approved', answeredBy: 'ann', answeredAt: START + 2 * SECOND },
    });
    expect(await approvals.take(asked, START + 3 * SECOND)).toEqual({ state: 'approved', id: first.id });
    expect(await listed(first.id)).toMatchObject({ state: 'used' });

    const again = await approvals.take(asked, START + 4 * SECOND);
    expect(again.state).toBe('pending');
    expect(again.id).not.toBe(first.id);
  });

  test('hold for the fingerprint that was approved and for no other', async () => {
    const { asked } = await approved();
    const other = { ...asked, fingerprint: request().fingerprint };
    expect(await approvals.take(other, START)).toMatchObject({ state: 'pending' });
    expect(await approvals.take(asked, START)).toMatchObject({ state: 'approved' });
  });

  test.each(['', 'x', 'A'.repeat(64), '0'.repeat(63)])(
    'are bound to nothing less than a hash: %j',
    async (fingerprint) => {
      await expect(async () => approvals.take(request({ fingerprint }), START)).rejects.toThrow(/SHA-256/);
    },
  );

  test('end: the waiting, the approval and the denial, each at its time', async () => {
    const unanswered = request();
    const { id } = await approvals.take(unanswered, START);
    const end = START + PENDING_APPROVAL_MS;
    expect(await approvals.take(unanswered, end - 1)).toEqual({ state: 'pending', id });
    expect(await approvals.approve(id, 'ann', end)).toMatchObject({
      ok: false,
      message: expect.stringContaining('has expired'),
    });
    expect(await listed(id, end)).toMatchObject({ state: 'expired' });
    expect((await approvals.take(unanswered, end)).id).not.toBe(id);

    const { asked, id: given } = await approved();
    expect(await approvals.take(asked, START + ANSWERED_APPROVAL_MS)).toMatchObject({ state: 'pending' });
    expect(await listed(given, START + ANSWERED_APPROVAL_MS)).toMatchObject({ state: 'expired' });

    const refused = request();
    const denied = await approvals.take(refused, START);
    await approvals.deny(denied.id, 'ann', START);
    expect(await approvals.take(refused, START + ANSWERED_APPROVAL_MS - 1)).toMatchObject({
      state: 'denied',
    });
    expect(await approvals.take(refused, START + ANSWERED_APPROVAL_MS)).toMatchObject({ state: 'pending' });
  });

  test('are back after a call that the server never began, and good for one call then', async () => {
    const { asked, id } = await approved();
    await approvals.take(asked, START);
    await approvals.giveBack(id);
    expect(await approvals.take(asked, START)).toEqual({ state: 'approved', id });
    expect(await approvals.take(asked, START)).toMatchObject({ state: 'pending' });
  });

  test('that were not used are not made usable by giving them back', async () => {
    const asked = request();
    const { id } = await approvals.take(asked, START);
    await approvals.giveBack(id);
    expect(await approvals.take(asked, START)).toEqual({ state: 'pending', id });
    await approvals.deny(id, 'ann', START);
    await approvals.giveBack(id);
    expect(await approvals.take(asked, START)).toEqual({ state: 'denied', id });
  });

  test('may be taken back, and denials too, until the call was made', async () => {
    const { asked, id } = await approved();
    expect(await approvals.deny(id, 'bob', START)).toMatchObject({ ok: true, entry: { answeredBy: 'bob' } });
    expect(await approvals.take(asked, START)).toEqual({ state: 'denied', id });
    expect(await approvals.approve(id, 'bob', START)).toMatchObject({ ok: true });
    expect(await approvals.take(asked, START)).toEqual({ state: 'approved', id });
    for (const answer of ['approve', 'deny'] as const) {
      expect(await approvals[answer](id, 'bob', START)).toMatchObject({
        ok: false,
        message: expect.stringContaining('has been used'),
      });
    }
  });

  test.each(['', 'a999-000000', "a1' or '1'='1", '\0'])('there is none called %j', async (id) => {
    expect(await approvals.approve(id, 'ann', START)).toMatchObject({
      ok: false,
      message: expect.stringContaining('There is no approval'),
    });
  });

  test('keep no secret and no endless text, and say when something is left out', async () => {
    const { id } = await approvals.take(
      request({
        tool: 'run\0\u202e\ud800',
        args: {
          apiKey: 'abc',
          nested: [{ password: 'hunter2', note: 'ghp_0123456789abcdefghij' }],
          header: 'Authorization: Bearer abcdef',
          confirmed: true,
          body: 'x'.repeat(100_000),
        },
      }),
      START,
    );
    const { arguments: text = '', cut } = (await listed(id)) ?? {};
    expect(text).not.toMatch(/abc|hunter2|ghp_|Bearer abcdef/);
    expect(JSON.parse(text)).toMatchObject({
      apiKey: '***',
      nested: [{ password: '***', note: '***' }],
      confirmed: true,
    });
    expect(text.length).toBeLessThan(10_000);
    expect(cut).toBe(true);
  });

  test('are given to one of two processes that ask at once', async () => {
    const { asked } = await approved();
    const outputs = await race(`${place.program}
      await ready();
      const asked = Array.from({ length: 20 }, () => approvals.take(${JSON.stringify(asked)}, ${START}));
      process.stdout.write((await Promise.all(asked)).map(({ state }) => state).join(' '));
      await approvals.close();
      await counters.close();`);
    expect(
      outputs
        .join(' ')
        .split(' ')
        .filter((state) => state === 'approved'),
    ).toHaveLength(1);
  });

  test('one request, however many processes ask for it at once', async () => {
    const asked = request();
    const outputs = await race(`${place.program}
      await ready();
      const asked = Array.from({ length: 20 }, () => approvals.take(${JSON.stringify(asked)}, ${START}));
      process.stdout.write((await Promise.all(asked)).map(({ id }) => id).join(' '));
      await approvals.close();
      await counters.close();`);
    expect(new Set(outputs.join(' ').split(' ')).size).toBe(1);
  });

  test('are still there when they are opened again', async () => {
    const { asked, id } = await approved();
    const second = await place.approvals();
    expect(await second.take(asked, START)).toEqual({ state: 'approved', id });
    await second.close();
  });

  test('wait in bounded numbers: a client in a loop cannot fill the disk, and blocks nobody for ever', async () => {
    const later = START + 10 * PENDING_APPROVAL_MS;
    for (let made = 0; made < MAX_PENDING_APPROVALS; made++) await approvals.take(request(), later);
    await expect(async () => approvals.take(request(), later)).rejects.toThrow(/catalogue approvals/);
    expect(await approvals.take(request(), later + PENDING_APPROVAL_MS)).toMatchObject({ state: 'pending' });
  });
});
