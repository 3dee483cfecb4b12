import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BEHAVIOURS, startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { runCommand } from '../run-command.ts';
import { APP_SECRET, commentBody, startTestRelay } from '../start-test-relay.ts';

/** A relay with one subscriber, and the operator's environment beside it. */
async function startBeside(behaviour: keyof typeof BEHAVIOURS = 'ok') {
	const n8n = await startFaultSubscriber(BEHAVIOURS[behaviour]);
	const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
	const environment = {
		RELAY_STORE: `sqlite:${join(relay.folder, 'relay.db')}`,
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: `instagram:${APP_SECRET}`,
	};
	const pause = async () => (await relay.api('subscribers')).json.rows[0]?.pause;
	return { n8n, relay, pause, run: (...args: readonly string[]) => runCommand(args, environment) };
}

describe('pause', () => {
	test('stops deliveries while the relay runs, until resume', async () => {
		const { n8n, relay, pause, run } = await startBeside();
		expect((await run('pause', 'n8n', '--reason', 'holidays')).said).toContain('n8n is paused');
		expect(await pause()).toMatchObject({ reason: 'holidays', by: 'operator' });
		await relay.post(commentBody('1'));
		expect((await relay.api('totals')).json.pending).toBe(1);
		expect(n8n.received).toEqual([]);
		expect((await run('resume', 'n8n')).said).toContain('n8n is resumed');
		await pollUntil('the delivery', () => n8n.received.length === 1);
	});

	test('names the known subscribers', async () => {
		const { run } = await startBeside();
		await expect(run('pause', 'n9n')).rejects.toThrow('Unknown subscriber "n9n". Known subscribers: n8n');
	});
});

describe('resume', () => {
	test('ends the pause that the relay made itself', async () => {
		const { n8n, relay, pause, run } = await startBeside('forbidden');
		await relay.post(commentBody('1'));
		// Recorded, not only received: an attempt that is settled after the clock has moved is due again much later.
		await pollUntil('the first refusal', async () => {
			const [row] = (await relay.api('subscribers')).json.rows;
			return typeof row?.lastFailureReason === 'string';
		});
		relay.setAhead(121_000);
		await pollUntil('the pause', async () => (await pause())?.by === 'relay');
		n8n.behave(BEHAVIOURS.ok);
		relay.setAhead(200_000);
		expect(n8n.received).toHaveLength(2);
		await run('resume', 'n8n');
		await pollUntil('the delivery', () => n8n.received.length === 3);
	});
});
