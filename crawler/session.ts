import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CrawlFault } from './fault.ts';

/** A way to talk to one server, open until it is closed. */
export interface Session {
  transport: Transport;
  /** Version agreed on in `initialize`. */
  protocolVersion(): string | undefined;
  /** What the server wrote beside the protocol, for a person who asks why it failed. */
  output(): { stderr: string; noise: string; noiseLines: number };
  /** What the server's last answer means when nothing could be made of it; undefined when the answer was a proper one. */
  fault(): CrawlFault | undefined;
  /** The JSON-RPC error in the last answer that HTTP, too, calls an error. */
  rpcError?(): { code: number; message: string; data?: unknown } | undefined;
  /** Ends the session and everything that was started for it; gives false when something would not end. */
  close(): Promise<boolean>;
}
