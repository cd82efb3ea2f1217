import { Launcher } from '../launcher/launcher';

/**
 * Carries out so many steps that change something and then answers no more, like a process killed between two lines. `dead` resolves then.
 */
export function dyingAfter(steps: number, inner: Launcher): { launcher: Launcher; dead: Promise<string> } {
  let left = steps;
  let die: (step: string) => void = () => undefined;
  const dead = new Promise<string>((resolve) => (die = resolve));
  const never = new Promise<never>(() => undefined);
  const step =
    <A extends unknown[], T>(name: string, does: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (left <= 0) return never;
      const answer = await does(...args);
      if (--left > 0) return answer;
      die(name);
      return never;
    };
  const launcher: Launcher = {
    figures: () => inner.figures(),
    locate: (id) => inner.locate(id),
    servedTags: (id) => inner.servedTags(id),
    scratchUsage: (path) => inner.scratchUsage(path),
    close: () => inner.close(),
    prepare: step('prepare', (id) => inner.prepare(id)),
    writeRecord: step('writeRecord', (id, text) => inner.writeRecord(id, text)),
    spawn: step('spawn', (order, resume) => inner.spawn(order, resume)),
    kill: step('kill', (id, process) => inner.kill(id, process)),
    remove: step('remove', (id) => inner.remove(id)),
    templateKey: (order) => inner.templateKey(order),
    writeTemplate: step('writeTemplate', (id, text) => inner.writeTemplate(id, text)),
    spawnTemplate: step('spawnTemplate', (id, order) => inner.spawnTemplate(id, order)),
    receiveState: step('receiveState', (id) => inner.receiveState(id)),
    sealTemplate: step('sealTemplate', (id) => inner.sealTemplate(id)),
    checkTemplate: (id, known, thorough) => inner.checkTemplate(id, known, thorough),
    gpus: () => inner.gpus(),
    gpuBind: step('gpuBind', (address) => inner.gpuBind(address)),
    gpuRelease: step('gpuRelease', (address) => inner.gpuRelease(address)),
    removeTemplate: step('removeTemplate', (id, keepRecord) => inner.removeTemplate(id, keepRecord)),
  };
  return { launcher, dead };
}
