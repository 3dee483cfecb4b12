// A process of its own that plays Meta: sends signed comments over and over until each is answered 200.
// node sender.ts <webhook url> <first id> <how many> <connections>; prints the ids it saw answered, one a line.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';

const [url = '', first = '0', count = '0', connections = '8'] = process.argv.slice(2);
const last = Number(first) + Number(count);
let next = Number(first);

function body(id: number): string {
	const accountId = 17841405309211844n + BigInt(id % 5);
	return `{"object":"instagram","entry":[{"id":"${accountId}","time":${1764551000 + id},"changes":[{"field":"comments","value":{"id":"${id}","text":"caf\\u00e9"}}]}]}`;
}

function post(text: string): Promise<number> {
	return new Promise((resolve) => {
		const sent = request(
			url,
			{
				method: 'POST',
				agent: false,
				headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', 'fake-ig').update(text).digest('hex')}` },
			},
			(response) => {
				response.resume();
				response.on('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
			},
		);
		sent.on('error', () => resolve(0));
		sent.end(text);
	});
}

async function line(): Promise<void> {
	while (next < last) {
		const id = next;
		next += 1;
		// Meta sends again what was not answered 200; here at once, so that the relay is never without load.
		while ((await post(body(id))) !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
		process.stdout.write(`${id}\n`);
	}
}

await Promise.all(Array.from({ length: Number(connections) }, line));
