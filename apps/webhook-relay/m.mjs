import { Worker } from 'node:worker_threads';

const rss = () => Math.round(process.memoryUsage().rss / 1e6);
console.log('bare', rss());
await import('/work/main/packages/core/dist/webhook/index.js');
console.log('webhook', rss());
const t = async (code, opt = {}) => {
	const w = new Worker(code, { eval: true, ...opt });
	await new Promise((r) => w.once('message', r));
	console.log(code.slice(0, 70), rss());
};
await t(`require('node:worker_threads').parentPort.postMessage(1);setInterval(()=>{},1e6)`);
await t(
	`import('/work/main/packages/core/dist/webhook/index.js').then(()=>require('node:worker_threads').parentPort.postMessage(1));setInterval(()=>{},1e6)`,
);
await t(
	`import('/work/main/packages/core/dist/index.js').then(()=>require('node:worker_threads').parentPort.postMessage(1));setInterval(()=>{},1e6)`,
);
await t(
	`import('/work/main/packages/core/dist/index.js').then(()=>require('node:worker_threads').parentPort.postMessage(1));setInterval(()=>{},1e6)`,
	{ resourceLimits: { maxYoungGenerationSizeMb: 4 } },
);
