import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

/** Variables that a server gets from our own environment; all others stay with us. */
const ALLOWED = /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM)$/;

/** What programs on Windows do not start without. */
const ALLOWED_ON_WINDOWS =
  /^(?:PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PROCESSOR_ARCHITECTURE|NUMBER_OF_PROCESSORS|PROGRAMFILES|PROGRAMFILES\(X86\)|PROGRAMDATA|LANG|LC_[A-Z]+|TZ|TERM)$/i;

export interface EnvironmentRequest {
  /** Our own environment. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Names of the variables to pass through beyond the allow-list. */
  envNames: readonly string[];
  /** Values that were given with the target; they come before those of our own environment. */
  envValues: Readonly<Record<string, string>>;
  /** The throw-away folders that stand for the home directory and the temporary folder. */
  scratch: Scratch;
  platform: NodeJS.Platform;
}

/** The whole environment that a server gets. */
export function serverEnvironment(request: EnvironmentRequest): Record<string, string> {
  const { environment, envNames, envValues, platform } = request;
  const allowed = platform === 'win32' ? ALLOWED_ON_WINDOWS : ALLOWED;
  const passed = Object.entries(environment).flatMap(([name, value]): [string, string][] => {
    const wanted = allowed.test(name) || envNames.includes(name);
    return wanted && value !== undefined ? [[name, value]] : [];
  });
  return { ...homeVariables(request.scratch), ...Object.fromEntries(passed), ...envValues };
}

function homeVariables({ home, temporary }: Scratch): Record<string, string> {
  return {
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    APPDATA: join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(home, 'AppData', 'Local'),
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
  };
}
