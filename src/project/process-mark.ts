import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Whether a process is there: one of another machine, or of before a restart of this one, can't be looked at. */
export type Presence = 'runs' | 'gone' | 'elsewhere';

/** What tells this process from all others: where it runs, its id, and when it began, as the id is used again. */
export async function ownMark(): Promise<string> {
  return [await place(), process.pid, await beginning(process.pid)].join(' ');
}

/** Whether the process that made `mark` is there. */
export async function presenceOf(mark: string): Promise<Presence> {
  const [where, id, began] = mark.split(' ');
  if (where !== (await place())) return 'elsewhere';
  const pid = Number(id);
  if (!exists(pid)) return 'gone';
  const found = await beginning(pid);
  // Of another user's process nothing more may be known.
  return found === '' || found === began ? 'runs' : 'gone';
}

/** This run of this machine, and the part of it in which process ids are counted, where the system tells them. */
async function place(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}/${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Ticks since the machine began, "" where that can't be read, "ended" for one that nobody has collected. */
async function beginning(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Its name may have spaces and brackets in it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return 'ended';
  return rest[18] ?? '';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
