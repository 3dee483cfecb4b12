// A subscriber as quick as can be. Answers GET with what it counted: { count, lags } with the lag of each event, in ms,
// from the time in its id.
import { createServer } from 'node:http';

let [count, lags]: [number, number[]] = [0, []];
createServer((request, response) => {
	if (request.method === 'GET') {
		response.end(JSON.stringify({ count, lags }));
		return;
	}
	if (request.method === 'DELETE') {
		[count, lags] = [0, []];
		response.end();
		return;
	}
	request.resume();
	request.on('end', () => {
		count += 1;
		// Event ids begin with the millisecond the relay received the event in.
		const receivedAt = Number.parseInt(String(request.headers['webhook-id']).slice(4, 16), 16);
		lags.push(Date.now() - receivedAt);
		response.setHeader('content-type', 'application/json').end('{"message":"Workflow was started"}');
	});
}).listen(0, '127.0.0.1', function listening(this: { address(): unknown }) {
	const { port } = this.address() as { port: number };
	process.stdout.write(`"listening" http://127.0.0.1:${port}\n`);
});
