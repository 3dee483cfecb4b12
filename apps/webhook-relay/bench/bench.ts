/**
 * Measures the relay on this machine and prints Markdown. Each figure stands beside another of the same minutes.
 *
 *   npm run tool -- node --conditions=@instagram-insights/source apps/webhook-relay/bench/bench.ts [part …]
 *
 * Parts: ingest, pace, backlog, delivery, replicas, claims, moving; all of them when none is named.
 */
import { cpus, totalmem } from 'node:os';
import { backlog } from './backlog.ts';
import { buildRelay } from './bench-relay.ts';
import { claimCost } from './claim-cost.ts';
import { delivery } from './delivery.ts';
import { ingest, pace } from './ingest.ts';
import { moving } from './moving.ts';
import { stopAll } from './processes.ts';
import { replicas } from './replicas.ts';

const PARTS = { ingest, pace, delivery, backlog, replicas, claims: claimCost, moving };

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
	console.error(`No part ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}`);
	process.exit(1);
}
process.once('exit', stopAll);
buildRelay();
const memory = Math.round(totalmem() / 2 ** 30);
console.log(
	`Node ${process.versions.node}, ${cpus().length} cores, ${memory} GB, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const [name, measure] of Object.entries(PARTS)) {
	if (named.length > 0 && !named.includes(name)) continue;
	console.log(`${await measure()}\n`);
}
