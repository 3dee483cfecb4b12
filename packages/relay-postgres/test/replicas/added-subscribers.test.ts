import { startFaultSubscriber } from '@instagram-insights/webhook-relay/test/fault-subscriber';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import { commentBody, startTestRelay } from '@instagram-insights/webhook-relay/test/start-test-relay';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../postgres-server.ts';

test('a workflow added on one replica gets what another one receives, until it is removed', async () => {
	const server = await startPostgres();
	onTestFinished(() => server.remove());
	const n8n = await startFaultSubscriber();
	const environment = { RELAY_SUBSCRIBERS: '', RELAY_STORE: await server.createDatabase() };
	const [first, second] = [await startTestRelay({ environment }), await startTestRelay({ environment })];
	const reloads = () => second.lines.filter((line) => line.includes('subscribers reloaded')).length;

	await first.api('subscribers', { id: 'added', url: n8n.url });
	await pollUntil('the other replica', () => reloads() === 1);
	await second.post(commentBody('1'));
	await pollUntil('the delivery', () => n8n.received.length === 1);

	await second.api('subscribers/added', {}, 'DELETE');
	await pollUntil('the first replica', () => first.lines.filter((line) => line.includes('reloaded')).length === 2);
	await first.post(commentBody('2'));
	expect((await first.api('totals')).json).toMatchObject({ events: 2, pending: 0 });
	expect(n8n.received).toHaveLength(1);
});
