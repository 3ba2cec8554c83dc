import type { Caller } from './contract.ts';
import type { Enforcement } from './enforcement.ts';
import { type Grants, isValid, opens } from './grants-file.ts';
import { type Backend, type HttpSession, openHttpSession } from './http-session.ts';
import { openStatelessClient, type StatelessClient } from './http-stateless.ts';
import { KEEP_ALIVE_MS, MAX_SESSIONS, SESSION_IDLE_MS } from './limits.ts';

/** One server that clients reach over HTTP. */
export interface FrontServer {
  /** It stands in the server's address. */
  key: string;
  enforcement: Enforcement;
  /** A new connection to the server. Rejects with what is wrong. */
  open(): Promise<Backend>;
}

/** Who makes a request: a grant, by the very token that was given. */
export interface Owner {
  grant: string;
  /** SHA-256 of the token; empty where nobody needs one. */
  token: string;
}

/** All sessions, whosever they are. */
export interface Sessions {
  /** A new session, or why there is none. */
  open(owner: Owner, server: FrontServer): Promise<Opened<HttpSession>>;
  /** What a grant uses in the versions without sessions. */
  stateless(owner: Owner, server: FrontServer): Promise<Opened<StatelessClient>>;
  /** The session of this name, if it is this owner's and with this server. */
  find(id: string, owner: Owner, server: FrontServer): Held<HttpSession> | undefined;
  /** Ends a session. */
  end(id: string): void;
  close(): Promise<void>;
}

export interface Held<T> {
  session: T;
  backend: Backend;
  caller: Caller;
}

export type Opened<T> = Held<T> | 'full' | 'failed';

interface Entry<T> extends Held<T> {
  owner: Owner;
  server: FrontServer;
  /** `elapsed` when it was last asked for. */
  used: number;
}

interface SessionsPorts {
  /** Absent where nobody needs a grant. */
  grants?: Grants;
  now(): Date;
  elapsed(): number;
  /** Not to be guessed. */
  randomId(): string;
}

export function createSessions({ grants, now, elapsed, randomId }: SessionsPorts): Sessions {
  const sessions = new Map<string, Entry<HttpSession>>();
  const stateless = new Map<string, Entry<StatelessClient> | Promise<Opened<StatelessClient>>>();
  let opening = 0;
  let closed = false;

  /** Makes room for one more, if need be by ending what this owner has not used for the longest time. */
  const hasRoom = (owner: Owner): boolean => {
    if (closed) return false;
    if (sessions.size + stateless.size + opening < MAX_SESSIONS) return true;
    const idle = [...sessions].filter(
      ([, { owner: other, session }]) => isSame(owner, other) && session.isIdle(),
    );
    const [oldest] = idle.toSorted(([, a], [, b]) => a.used - b.used);
    if (oldest === undefined) return false;
    end(oldest[0], 'Another session took its place.');
    return true;
  };

  const end = (id: string, reason: string) => {
    const found = sessions.get(id);
    sessions.delete(id);
    void found?.session.close(reason);
  };

  const connect = async <T extends HttpSession | StatelessClient>(
    owner: Owner,
    server: FrontServer,
    make: (backend: Backend, caller: Caller, onOver: () => void) => T,
    onOver: () => void,
  ): Promise<Entry<T> | 'failed'> => {
    opening += 1;
    let over = false;
    try {
      const backend = await server.open();
      const caller = { grant: owner.grant, session: randomId(), server: server.key };
      const session = make(backend, caller, () => {
        over = true;
        onOver();
      });
      const entry = { session, backend, caller, owner, server, used: elapsed() };
      if (!closed && !over) return entry;
      await session.close('The gateway ends.');
      return 'failed';
    } catch (error) {
      server.enforcement.remark(`${server.key}: ${error instanceof Error ? error.message : String(error)}`);
      return 'failed';
    } finally {
      opening -= 1;
    }
  };

  const isGranted = (): ((owner: Owner, server: FrontServer) => boolean) => {
    if (grants === undefined) return () => true;
    try {
      const valid = grants.list().filter((grant) => isValid(grant, now()));
      const known = new Map(valid.map((grant) => [`${grant.name} ${grant.sha256}`, grant]));
      return ({ grant, token }, { key }) => {
        const found = known.get(`${grant} ${token}`);
        return found !== undefined && opens(found, key);
      };
    } catch {
      return () => false;
    }
  };

  const sweep = setInterval(() => {
    const granted = isGranted();
    const oldest = elapsed() - SESSION_IDLE_MS;
    const reasonFor = ({ owner, server, session, used }: Entry<HttpSession | StatelessClient>) => {
      if (!granted(owner, server)) return 'The grant is no longer valid.';
      return used < oldest && session.isIdle() ? 'The session was not used for a long time.' : undefined;
    };
    for (const [id, entry] of sessions) {
      const reason = reasonFor(entry);
      if (reason !== undefined) end(id, reason);
    }
    for (const [key, entry] of stateless) {
      const reason = 'session' in entry ? reasonFor(entry) : undefined;
      if (reason === undefined || !('session' in entry)) continue;
      stateless.delete(key);
      void entry.session.close(reason);
    }
  }, KEEP_ALIVE_MS);
  sweep.unref();

  return {
    async open(owner, server) {
      if (!hasRoom(owner)) return 'full';
      const id = randomId();
      const entry = await connect(
        owner,
        server,
        (backend, caller, onOver) => openHttpSession(server.enforcement, caller, id, backend, onOver),
        () => sessions.delete(id),
      );
      if (entry !== 'failed') sessions.set(id, entry);
      return entry;
    },
    async stateless(owner, server) {
      const key = `${server.key} ${owner.grant} ${owner.token}`;
      const known = stateless.get(key);
      if (known !== undefined) {
        if ('session' in known) known.used = elapsed();
        return known;
      }
      if (!hasRoom(owner)) return 'full';
      const opened = connect(
        owner,
        server,
        (backend, caller, onOver) => openStatelessClient(server.enforcement, caller, backend, onOver),
        () => stateless.delete(key),
      );
      stateless.set(key, opened);
      const entry = await opened;
      if (entry === 'failed') stateless.delete(key);
      else stateless.set(key, entry);
      return entry;
    },
    find(id, owner, server) {
      const found = sessions.get(id);
      if (found === undefined || found.server !== server || !isSame(owner, found.owner)) return undefined;
      found.used = elapsed();
      return found;
    },
    end: (id) => end(id, 'The session has ended.'),
    async close() {
      closed = true;
      clearInterval(sweep);
      const all = [...sessions.values(), ...[...stateless.values()].filter((each) => 'session' in each)];
      sessions.clear();
      stateless.clear();
      await Promise.all(all.map(({ session }) => session.close('The gateway ends.')));
    },
  };
}

function isSame(one: Owner, other: Owner): boolean {
  return one.grant === other.grant && one.token === other.token;
}
