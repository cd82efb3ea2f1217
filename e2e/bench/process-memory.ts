import { readFileSync } from 'node:fs';

/** Bytes of one process, as the kernel counts them. */
export interface ProcessMemory {
  /** Pages that no other process has mapped, those of a file among them that others could map. */
  private: number;
  /** Pages that lie in no file, a copy's own changes among them: what ending it gives back. */
  anonymous: number;
  /** Private pages, and of each shared page its part (Pss). */
  proportional: number;
  /** All pages that it sees, shared or not (VmRSS). */
  resident: number;
}

/** @throws Error when the process is gone or not ours to look at */
export function memoryOf(pid: number): ProcessMemory {
  return memoryIn(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** Reads the texts of `/proc/PID/smaps_rollup` and `/proc/PID/status`; see proc(5). */
export function memoryIn(rollup: string, status: string): ProcessMemory {
  const bytes = (text: string, name: string): number => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`the kernel does not tell ${name}`);
    return Number(found) * 1024;
  };
  return {
    private: bytes(rollup, 'Private_Clean') + bytes(rollup, 'Private_Dirty'),
    anonymous: bytes(rollup, 'Anonymous'),
    proportional: bytes(rollup, 'Pss'),
    resident: bytes(status, 'VmRSS'),
  };
}
