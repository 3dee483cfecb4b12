// A process that plays Meta as fast as it can, or at a given rate. One job per run, given as JSON on the command line;
// prints one line of JSON. Requests are built and signed beforehand, so that the load costs as little CPU as it can.
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export type LoadJob = {
	/** connections are spread over them in turn */
	readonly ports: readonly number[];
	readonly path: string;
	readonly requests: number;
	readonly connections: number;
	/** requests a second, whatever the answers; left out: each connection sends as soon as it has its answer */
	readonly rate?: number;
	/** comments in each request. @default 1 */
	readonly batch?: number;
	/** makes the ids of this run its own */
	readonly tag: string;
};

export type LoadResult = {
	/** answers with status 200 */
	readonly ok: number;
	readonly other: number;
	readonly seconds: number;
	/** ms from when a request was due to its answer */
	readonly p50: number;
	readonly p99: number;
	readonly max: number;
};

function buildRequest({ path, tag, batch = 1 }: LoadJob, index: number): Buffer {
	const account = 17841405309211844n + BigInt(index % 200);
	const changes = Array.from(
		{ length: batch },
		(_, comment) =>
			`{"field":"comments","value":{"id":"${tag}-${index}-${comment}","parent_id":"17865799348089001","text":"Lindo! \\u2764 caf\\u00e9?","from":{"id":"1009876543210987","username":"ana.souza"},"media":{"id":"17918195224117851","media_product_type":"FEED"}}}`,
	);
	const body = `{"object":"instagram","entry":[{"id":"${account}","time":1764551000,"changes":[${changes.join()}]}]}`;
	const signature = createHmac('sha256', 'fake-ig').update(body).digest('hex');
	const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nx-hub-signature-256: sha256=${signature}\r\ncontent-length: ${body.length}\r\n\r\n`;
	return Buffer.from(head + body, 'latin1');
}

async function run(job: LoadJob): Promise<LoadResult> {
	const requests = Array.from({ length: job.requests }, (_, index) => buildRequest(job, index));
	const latencies: number[] = [];
	let [next, ok, other] = [0, 0, 0];
	const finished = Promise.withResolvers<void>();
	const due = new Map<Socket, number>();
	const idle: Socket[] = [];
	const late: number[] = [];

	const send = (socket: Socket, dueAt: number) => {
		const request = requests[next];
		if (request === undefined) return;
		next += 1;
		due.set(socket, dueAt);
		socket.write(request);
	};
	const answered = (socket: Socket, chunk: Buffer) => {
		latencies.push(performance.now() - (due.get(socket) ?? 0));
		// The answers are a few hundred bytes: one chunk each on loopback.
		if (chunk.toString('latin1', 9, 12) === '200') ok += 1;
		else other += 1;
		if (latencies.length === job.requests) return finished.resolve();
		const overdue = late.shift();
		if (job.rate === undefined) send(socket, performance.now());
		else if (overdue !== undefined) send(socket, overdue);
		else idle.push(socket);
	};

	const sockets = await Promise.all(
		Array.from({ length: job.connections }, async (_, index) => {
			const socket = connect(job.ports[index % job.ports.length] ?? 0, '127.0.0.1');
			socket.setNoDelay(true);
			await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
			socket.on('error', (error) => finished.reject(error));
			socket.on('close', () => finished.reject(new Error('the server closed a connection')));
			socket.on('data', (chunk) => answered(socket, chunk));
			return socket;
		}),
	);
	const startedAt = performance.now();
	if (job.rate === undefined) for (const socket of sockets) send(socket, startedAt);
	else {
		idle.push(...sockets);
		const interval = 1000 / job.rate;
		let planned = 0;
		const timer = setInterval(() => {
			for (; planned < job.requests && startedAt + planned * interval <= performance.now(); planned += 1) {
				const dueAt = startedAt + planned * interval;
				const socket = idle.shift();
				if (socket === undefined) late.push(dueAt);
				else send(socket, dueAt);
			}
			if (planned >= job.requests) clearInterval(timer);
		}, 1);
	}
	await finished.promise;
	const seconds = (performance.now() - startedAt) / 1000;
	for (const socket of sockets) socket.removeAllListeners('close').destroy();
	latencies.sort((left, right) => left - right);
	const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
	return { ok, other, seconds, p50: at(0.5), p99: at(0.99), max: at(1) };
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}')))}\n`);
