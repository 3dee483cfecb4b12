import { type Concern, megabytes, watchAttention } from '../../admin/attention.ts';
import type { Subscriber } from '../../relay/event.ts';
import { looseModes } from '../../sqlite/database.ts';
import type { Config } from '../config.ts';
import { readAllSubscribers } from '../follow-subscribers.ts';
import { openStore } from '../open-store.ts';
import { readSubscribersFile } from '../subscribers-file.ts';
import type { Finding } from './finding.ts';

/** What needs no network: secrets, subscribers, store. */
export async function checkRelay(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<{ findings: readonly Finding[]; subscribers: readonly Subscriber[] }> {
	const store = await checkStore(config, environment);
	const { subscribers } = store;
	const findings = [checkSecrets(config), ...checkSubscribers(config, environment, subscribers), ...store.findings];
	return { findings, subscribers };
}

function checkSecrets({ appSecrets }: Config): Finding {
	const names = appSecrets.map(({ name }) => name).join(', ');
	// App secrets are 32 hexadecimal digits; anything else is most likely a token or a copy with a space.
	const unusual = appSecrets.filter(({ secret }) => !/^[0-9a-f]{32}$/.test(secret)).map(({ name }) => name);
	if (unusual.length === 0) return { state: 'ok', check: 'app secrets', detail: names };
	return {
		state: 'warning',
		check: 'app secrets',
		detail: `${unusual.join(', ')} not in the usual format (32 hexadecimal digits)`,
		advice:
			'Compare with the App Dashboard: the Instagram app secret (Instagram > API setup) and the Facebook app secret (App settings > Basic) differ.',
	};
}

function checkSubscribers(
	{ subscribersPath }: Config,
	environment: Readonly<Record<string, string | undefined>>,
	subscribers: readonly Subscriber[],
): readonly Finding[] {
	const check = 'subscribers';
	const reading = subscribersPath === undefined ? null : readSubscribersFile(subscribersPath, environment);
	if (reading?.ok === false) {
		return reading.problems.map((problem) => ({
			...{ state: 'failed', check, detail: problem },
			advice: 'Correct the file; the schema is subscribers.schema.json.',
		}));
	}
	if (subscribers.length === 0) {
		const advice =
			'Choose Add workflow on the dashboard, or set RELAY_SUBSCRIBERS to a subscribers file. Until then events are stored and not delivered.';
		return [{ state: 'warning', check, detail: 'none', advice }];
	}
	const unsigned = subscribers.filter(({ mode, secrets }) => mode === 'event' && secrets.length === 0);
	if (unsigned.length > 0) {
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
	const described = subscribers.map(
		({ id, mode, secrets }) => `${id} (${mode}${secrets.length > 0 ? ', signed' : ''})`,
	);
	return [{ state: 'ok', check, detail: described.join(', ') }];
}

/** Deliveries that wait for longer than this are worth a look. */
const WAITING_MS = 10_000;

async function checkStore(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<{ findings: readonly Finding[]; subscribers: readonly Subscriber[] }> {
	const { dedupMs, storeMaxMegabytes: maxMegabytes, silenceMs, retentionMs } = config;
	try {
		const store = await openStore(config.store, { dedupMs, maxMegabytes });
		try {
			await store.check();
			const { events, pending, dead, bytes } = await store.browse.totals(Date.now());
			const size = bytes === null ? '' : `, ${megabytes(bytes)}`;
			const detail = `writable; ${events} events${size}, ${pending} deliveries waiting, ${dead} dead deliveries`;
			const maxBytes = maxMegabytes === undefined ? null : maxMegabytes * 1024 * 1024;
			const watch = { silenceMs, retentionMs, maxBytes, waitingMs: WAITING_MS, now: Date.now };
			const concerns = await watchAttention(store, watch).find();
			const subscribers = await readAllSubscribers(config, environment, store).catch(() => []);
			const found: Finding = { state: 'ok', check: 'store', detail };
			return { findings: [found, ...concerns.map(findingOf), ...checkFiles(config.store)], subscribers };
		} finally {
			await store.close();
		}
	} catch (error) {
		const found: Finding = {
			...{ state: 'failed', check: 'store', detail: error instanceof Error ? error.message : String(error) },
			advice:
				'A new relay creates its store at its first start. Otherwise check RELAY_STORE, the folder and its owner, and free disk space.',
		};
		const file = config.subscribersPath === undefined ? null : readSubscribersFile(config.subscribersPath, environment);
		return { findings: [found], subscribers: file?.subscribers ?? [] };
	}
}

/** A concern of the dashboard as a finding; only silence and standby may have a harmless reason. */
function findingOf({ kind, detail, advice, since }: Concern): Finding {
	const state = kind === 'silent' || kind === 'standby' ? 'warning' : 'failed';
	const time = since === null ? '' : ` (since ${new Date(since).toISOString()})`;
	return { state, check: kind, detail: `${detail}${time}`, advice };
}

function checkFiles(store: string): readonly Finding[] {
	if (!store.startsWith('sqlite:')) return [];
	const check = 'file modes';
	const loose = looseModes(store.slice('sqlite:'.length));
	if (loose.length === 0) return [{ state: 'ok', check, detail: 'only the owner can read the store' }];
	return loose.map((line) => {
		const [detail = '', advice = ''] = line.split(': ');
		return { state: 'failed', check, detail, advice: `Run: ${advice}` };
	});
}
