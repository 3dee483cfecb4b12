// A move in a process of its own, to be killed: move-process.ts <path> <url> <rows a batch>
import { moveStore } from '../../src/move/move-store.ts';

const [from = '', to = '', rows = ''] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
await moveStore({ from, to, say, now: Date.now, limits: { rows: Number(rows), bytes: 1e6 } });
