// A process of its own that plays Meta: sends signed comments to the relays in turn, each over and over until it is answered
// 200, until its input ends. A relay that refuses the connection is passed over at once, as load balancers do.
// node sender.ts <webhook urls, with commas> <connections> <events a second>
// Prints the ids it saw answered, one per line, and last of all a line "# {…}" that counts what else happened.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';

const [list = '', connections = '8', rate = '500'] = process.argv.slice(2);
const urls = list.split(',');
const paceMs = (1000 * Number(connections)) / Number(rate);
let [next, turn] = [0, 0];
let ended = false;
process.stdin.resume().on('end', () => {
	ended = true;
});
/** `cut`: the connection broke before an answer came */
const others = { refused: 0, cut: 0, status: {} as Record<string, number> };

function body(id: number): string {
	const accountId = 17841405309211844n + BigInt(id % 5);
	return `{"object":"instagram","entry":[{"id":"${accountId}","time":${1764551000 + id},"changes":[{"field":"comments","value":{"id":"${id}","text":"caf\\u00e9"}}]}]}`;
}

type Outcome = number | 'refused' | 'cut';

function post(url: string, text: string): Promise<Outcome> {
	return new Promise((resolve) => {
		const signature = `sha256=${createHmac('sha256', 'fake-ig').update(text).digest('hex')}`;
		const sent = request(
			url,
			{ method: 'POST', agent: false, headers: { 'x-hub-signature-256': signature } },
			(response) => {
				response.resume();
				response.on('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 'cut'));
			},
		);
		sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'cut'));
		sent.end(text);
	});
}

async function sendUntilAnswered(id: number): Promise<void> {
	for (;;) {
		turn = (turn + 1) % urls.length;
		const outcome = await post(urls[turn] ?? '', body(id));
		if (outcome === 200) return;
		if (outcome === 'refused' || outcome === 'cut') others[outcome] += 1;
		else others.status[outcome] = (others.status[outcome] ?? 0) + 1;
		if (outcome !== 'refused') await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

async function line(): Promise<void> {
	while (!ended) {
		const id = next;
		next += 1;
		const startedAt = performance.now();
		await sendUntilAnswered(id);
		process.stdout.write(`${id}\n`);
		const rest = paceMs - (performance.now() - startedAt);
		if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
	}
}

await Promise.all(Array.from({ length: Number(connections) }, line));
process.stdout.write(`# ${JSON.stringify({ sent: next, ...others })}\n`);
