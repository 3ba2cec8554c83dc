import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type AuditFile,
  type AuditFileOptions,
  auditFiles,
  openAuditFile,
} from '../../gateway/audit-file.ts';
import { readAudit, summarise } from '../../gateway/audit-summary.ts';
import { AuditRecord } from '../../gateway/contract.ts';
import { AUDIT_LINGER_MS } from '../../gateway/limits.ts';
import { race } from '../support/gateway-stores.ts';
import { ROOT } from '../support/sources.ts';

let path: string;
let reports: string[];
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'catalogue-audit-')), 'gateway', 'audit.jsonl');
  reports = [];
});

function open(options: Partial<AuditFileOptions> = {}): Promise<AuditFile> {
  const report = (message: string) => reports.push(message);
  return openAuditFile({ path, maxBytes: 1_000_000, keep: 3, logValues: false, report, ...options });
}

function record(change: Partial<AuditRecord> = {}): AuditRecord {
  return {
    time: '2026-01-02T03:04:05.678Z',
    server: 'files',
    grant: 'laptop',
    session: 's1',
    method: 'tools/call',
    tool: 'read',
    decision: 'allow',
    gatewayMs: 0.1,
    argumentKeys: [],
    ...change,
  };
}

function linesOf(file = path): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

describe('an audit log', () => {
  test('has one line a decision, each of them a record, in a file for its owner alone', async () => {
    const audit = await open();
    const records = [
      record(),
      record({ decision: 'deny', rule: '/tools/read/limits/0', message: 'No more.' }),
    ];
    for (const each of records) audit.write(each);
    await audit.close();
    expect(linesOf().map((line) => AuditRecord.parse(JSON.parse(line)))).toEqual(records);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(reports).toEqual([]);
  });

  test('is written soon after a decision, without being closed', async () => {
    const audit = await open();
    audit.write(record());
    expect(linesOf()).toEqual([]);
    await sleep(AUDIT_LINGER_MS + 200);
    expect(linesOf()).toHaveLength(1);
    await audit.close();
  });

  test('is whole when the process ends without closing it', () => {
    const program = `
      import { openAuditFile } from ${JSON.stringify(join(ROOT, 'gateway/audit-file.ts'))};
      const audit = await openAuditFile({ path: ${JSON.stringify(path)}, maxBytes: 1e6, keep: 1, logValues: false, report: console.log });
      for (let call = 0; call < 100; call++) audit.write(${JSON.stringify(record())});
      if (process.argv[1] === 'exit') process.exit(3);`;
    spawnSync(process.execPath, ['--input-type=module', '-e', program, 'exit']);
    expect(linesOf()).toHaveLength(100);
    spawnSync(process.execPath, ['--input-type=module', '-e', program]);
    expect(linesOf()).toHaveLength(200);
  });

  test('has no values of arguments unless it is asked to, and no secrets even then', async () => {
    const called = record({
      argumentKeys: ['path', 'token'],
      arguments: { path: '/etc/motd', token: 'abc', list: [{ text: 'sk-0123456789abcdef' }] },
    });
    const plain = await open();
    plain.write(called);
    await plain.close();
    const telling = await open({ logValues: true });
    telling.write(called);
    await telling.close();
    const [without, withValues] = linesOf().map((line) => AuditRecord.parse(JSON.parse(line)));
    expect(without).toEqual(record({ argumentKeys: ['path', 'token'] }));
    expect(withValues?.arguments).toEqual({ path: '/etc/motd', token: '***', list: [{ text: '***' }] });
  });

  test("keeps a stranger's text on one line of plain characters, and within bounds", async () => {
    const audit = await open({ logValues: true });
    const odd = '\n{"decision":"allow"}\r\u2028\u202e\u001b[2J\u0000\ud800é';
    audit.write(
      record({ tool: odd, message: 'x'.repeat(1_000_000), argumentKeys: [odd], arguments: { [odd]: odd } }),
    );
    const keys = Array.from({ length: 10_000 }, (_, key) => String(key));
    const wide = Object.fromEntries(keys.map((key) => [key, 'x'.repeat(100)]));
    audit.write(record({ argumentKeys: keys, arguments: wide }));
    await audit.close();
    const lines = linesOf();
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]{1,40000}$/);
    expect(AuditRecord.parse(JSON.parse(lines[0] ?? ''))).toMatchObject({
      tool: odd,
      argumentKeys: [odd],
      arguments: { [odd]: odd },
    });
  });

  test('begins a new file when one is full, keeps as many as it is told, and loses no line between them', async () => {
    const audit = await open({ maxBytes: 2_000, keep: 2 });
    for (let call = 0; call < 100; call++) {
      audit.write(record({ session: `s${call}` }));
      if (call % 5 === 4) await sleep(AUDIT_LINGER_MS + 20);
    }
    await audit.close();
    const files = auditFiles(path);
    expect(files).toEqual([`${path}.2`, `${path}.1`, path]);
    expect(existsSync(`${path}.3`)).toBe(false);
    for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(2_000);
    const sessions = files
      .flatMap((file) => linesOf(file))
      .map((line) => AuditRecord.parse(JSON.parse(line)).session);
    expect(sessions).toEqual(
      Array.from({ length: sessions.length }, (_, at) => `s${100 - sessions.length + at}`),
    );
    expect(sessions.length).toBeGreaterThan(20);
  });

  test('is shared by two processes that both rotate it, and no line is lost or torn', async () => {
    const LINES = 3_000;
    await race(`
      import { openAuditFile } from ${JSON.stringify(join(ROOT, 'gateway/audit-file.ts'))};
      const audit = await openAuditFile({ path: ${JSON.stringify(path)}, maxBytes: 100_000, keep: 50, logValues: false, report: console.error });
      await ready();
      for (let call = 0; call < ${LINES}; call++) {
        audit.write({ ...${JSON.stringify(record())}, session: process.pid + ' ' + call });
        if (call % 10 === 0) await new Promise((go) => setTimeout(go, 1));
      }
      await audit.close();`);
    const files = auditFiles(path);
    expect(files.length).toBeGreaterThan(3);
    const sessions = files
      .flatMap((file) => linesOf(file))
      .map((line) => AuditRecord.parse(JSON.parse(line)).session);
    expect(new Set(sessions).size).toBe(2 * LINES);
    expect(sessions).toHaveLength(2 * LINES);
  });

  test('goes on in a new file when somebody moved the old one away', async () => {
    const audit = await open();
    audit.write(record());
    await sleep(AUDIT_LINGER_MS + 100);
    renameSync(path, `${path}.moved`);
    audit.write(record());
    await audit.close();
    expect([linesOf(`${path}.moved`).length, linesOf().length]).toEqual([1, 1]);
  });

  test.skipIf(!existsSync('/dev/full'))('on a full disk is reported once, and stops nothing', async () => {
    const full = join(dirname(dirname(path)), 'full.jsonl');
    symlinkSync('/dev/full', full);
    const audit = await open({ path: full });
    expect(audit.fault()).toBeUndefined();
    audit.write(record());
    await sleep(2 * AUDIT_LINGER_MS + 200);
    expect(reports).toEqual([
      `The audit log ${full} cannot be written: ENOSPC: no space left on device, write.`,
    ]);
    expect(audit.fault()).toContain('ENOSPC');
    for (let call = 0; call < 50_000; call++) audit.write(record({ message: 'x'.repeat(900) }));
    await audit.close();
    expect(reports).toHaveLength(2);
    expect(reports[1]).toMatch(/is incomplete: ENOSPC.* 50001 lines could not be kept\.$/);
  });

  test('that cannot be opened is refused in one sentence', async () => {
    writeFileSync(dirname(path), '');
    await expect(open()).rejects.toThrow(
      /^The audit log .* cannot be opened: .*\. Name another place for it, or none\.$/,
    );
    expect(readdirSync(dirname(dirname(path)))).toEqual(['gateway']);
  });
});

describe('its summary', () => {
  test('counts calls by tool, decision and rule, and measures', async () => {
    const audit = await open({ maxBytes: 500 });
    const denied = {
      decision: 'deny',
      rule: '/tools/write/limits/0',
      message: 'No more.',
      tool: 'write',
    } as const;
    audit.write(record({ gatewayMs: 1, upstreamMs: 10, upstream: 'ok', time: '2026-01-01T00:00:00.000Z' }));
    audit.write(record({ gatewayMs: 2, upstreamMs: 30, upstream: 'error', session: 's2' }));
    audit.write(record({ ...denied, gatewayMs: 3 }));
    audit.write(record({ ...denied, gatewayMs: 100, grant: 'phone', time: '2026-01-03T00:00:00.000Z' }));
    const { tool: _, ...other } = record({
      method: 'resources/read',
      decision: 'refused',
      rule: '(duplicate key)',
    });
    audit.write({ ...other, gatewayMs: 3 });
    await audit.close();
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"time":"2026-\nnoise\n`);

    expect(await summarise(readAudit(auditFiles(path)))).toEqual({
      clients: [
        { grant: 'laptop', calls: 3, decisions: { allow: 2, deny: 1 } },
        { grant: 'phone', calls: 1, decisions: { deny: 1 } },
      ],
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-03T00:00:00.000Z',
      records: 5,
      unreadable: 2,
      calls: 4,
      grants: 2,
      sessions: 2,
      decisions: { allow: 2, deny: 2, refused: 1 },
      tools: [
        { server: 'files', tool: 'read', calls: 2, decisions: { allow: 2 } },
        { server: 'files', tool: 'write', calls: 2, decisions: { deny: 2 } },
      ],
      stopped: [
        { server: 'files', method: 'tools/call', ...denied, count: 2 },
        { server: 'files', method: 'resources/read', decision: 'refused', rule: '(duplicate key)', count: 1 },
      ],
      upstreamErrors: 1,
      gatewayMs: { median: 3, p95: 100, max: 100 },
      upstreamMs: { median: 30, p95: 30, max: 30 },
    });
    const recent = await summarise(readAudit(auditFiles(path), new Date('2026-01-02T12:00:00Z')));
    expect(recent).toMatchObject({ records: 1, calls: 1, decisions: { deny: 1 } });
  });
});
