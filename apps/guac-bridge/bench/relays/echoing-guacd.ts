/** A fake guacd that echoes, in a process of its own: an echo inside one process would wake nobody up. */
import { BenchGuacd } from '../fake-guacd.ts';

const guacd = await BenchGuacd.start();
guacd.behaviour = { kind: 'echo' };
process.stdout.write(`${JSON.stringify({ port: guacd.port })}\n`);
