import type { Config } from '../config.ts';
import { openStore } from '../open-store.ts';
import { readSubscribersFile } from '../subscribers-file.ts';
import type { Finding } from './finding.ts';

/** What can be told without anybody else: secrets, subscribers, store. */
export async function checkRelay(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
	return [checkSecrets(config), ...checkSubscribers(config, environment), await checkStore(config)];
}

function checkSecrets({ appSecrets }: Config): Finding {
	const names = appSecrets.map(({ name }) => name).join(', ');
	// App secrets are 32 hexadecimal digits; anything else is most likely a token or a copy with a space.
	const odd = appSecrets.filter(({ secret }) => !/^[0-9a-f]{32}$/.test(secret)).map(({ name }) => name);
	if (odd.length === 0) return { state: 'ok', check: 'app secrets', detail: names };
	return {
		state: 'warning',
		check: 'app secrets',
		detail: `${odd.join(', ')} not of the usual form (32 hexadecimal digits)`,
		advice:
			'Compare with the App Dashboard: the Instagram app secret (Instagram > API setup) and the Facebook app secret (App settings > Basic) differ.',
	};
}

function checkSubscribers(
	{ subscribersPath }: Config,
	environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
	const check = 'subscribers';
	if (subscribersPath === undefined) {
		return [
			{ state: 'warning', check, detail: 'none', advice: 'Set RELAY_SUBSCRIBERS: events are stored, but go nowhere.' },
		];
	}
	const reading = readSubscribersFile(subscribersPath, environment);
	if (reading.ok) {
		const unsigned = reading.subscribers.filter(({ mode, secrets }) => mode === 'event' && secrets.length === 0);
		const detail = reading.subscribers.map(({ id }) => id).join(', ') || 'an empty list';
		if (unsigned.length === 0) return [{ state: 'ok', check, detail }];
		return [
			{
				state: 'warning',
				check,
				detail: `no secret for ${unsigned.map(({ id }) => id).join(', ')}`,
				advice:
					'Give each a secret (whsec_…) and verify it in n8n, or anyone who finds the URL can start the workflow.',
			},
		];
	}
	return reading.problems.map((problem) => ({
		state: 'failed' as const,
		check,
		detail: problem,
		advice: 'Correct the file; the schema is subscribers.schema.json.',
	}));
}

async function checkStore(config: Config): Promise<Finding> {
	try {
		const store = await openStore(config.store, { dedupMs: config.dedupMs, maxMegabytes: config.storeMaxMegabytes });
		try {
			await store.check();
			const { events, pending, dead } = await store.browse.totals(0);
			const detail = `writable; ${events} events, ${pending} deliveries waiting, ${dead} dead letters`;
			return { state: 'ok', check: 'store', detail };
		} finally {
			await store.close();
		}
	} catch (error) {
		return {
			state: 'failed',
			check: 'store',
			detail: error instanceof Error ? error.message : String(error),
			advice:
				'A new relay makes its store at its first start. Otherwise check RELAY_STORE, the folder and its owner, and the room on the disk.',
		};
	}
}
