import { type Concern, megabytes, plural, watchAttention } from '../../admin/attention.ts';
import type { Subscriber } from '../../relay/event.ts';
import { looseModes } from '../../sqlite/database.ts';
import type { Config } from '../config.ts';
import { readAllSubscribers } from '../follow-subscribers.ts';
import { openStore } from '../open-store.ts';
import { readSubscribersFile } from '../subscribers-file.ts';
import { type Finding, failed, ok, warning } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What needs no network: secrets, subscribers, store. */
export async function checkRelay(
	config: Config,
	environment: Environment,
): Promise<{ findings: readonly Finding[]; subscribers: readonly Subscriber[] }> {
	const store = await checkStore(config, environment);
	const { subscribers } = store;
	const findings = [checkSecrets(config), ...checkSubscribers(config, environment, subscribers), ...store.findings];
	findings.push(...(await checkRunning(config)));
	return { findings, subscribers };
}

function checkSecrets({ appSecrets }: Config): Finding {
	const check = 'app secrets';
	// App secrets are 32 hexadecimal digits; anything else is most likely a token or a copy with a space.
	const unusual = appSecrets.filter(({ secret }) => !/^[0-9a-f]{32}$/.test(secret)).map(({ name }) => name);
	if (unusual.length === 0) return ok(check, appSecrets.map(({ name }) => name).join(', '));
	const detail = `${unusual.join(', ')} not in the usual format (32 hexadecimal digits)`;
	const advice =
		'Compare with the App Dashboard: the Instagram app secret (Instagram > API setup) and the Facebook app secret (App settings > Basic) differ.';
	return warning(check, detail, advice);
}

function checkSubscribers(
	{ subscribersPath }: Config,
	environment: Environment,
	subscribers: readonly Subscriber[],
): readonly Finding[] {
	const check = 'subscribers';
	const reading = subscribersPath === undefined ? null : readSubscribersFile(subscribersPath, environment);
	if (reading?.ok === false) {
		const advice = 'Correct the file; the schema is subscribers.schema.json.';
		return reading.problems.map((problem) => failed(check, problem, advice));
	}
	if (subscribers.length === 0) {
		const advice =
			'Choose Add workflow on the dashboard, or set RELAY_SUBSCRIBERS to a subscribers file. Until then events are stored and not delivered.';
		return [warning(check, 'none', advice)];
	}
	const unsigned = subscribers.filter(({ mode, secrets }) => mode === 'event' && secrets.length === 0);
	if (unsigned.length > 0) {
		const detail = `no secret for ${unsigned.map(({ id }) => id).join(', ')}`;
		const advice =
			'Give each a secret (whsec_…) and verify it in n8n, or anyone who finds the URL can start the workflow.';
		return [warning(check, detail, advice)];
	}
	const described = subscribers.map(
		({ id, mode, secrets }) => `${id} (${mode}${secrets.length > 0 ? ', signed' : ''})`,
	);
	return [ok(check, described.join(', '))];
}

/** Deliveries that wait for longer than this are worth a look. */
const WAITING_MS = 10_000;

async function checkStore(
	config: Config,
	environment: Environment,
): Promise<{ findings: readonly Finding[]; subscribers: readonly Subscriber[] }> {
	const { dedupMs, storeMaxMegabytes: maxMegabytes, silenceMs, retentionMs } = config;
	try {
		const store = await openStore(config.store, { dedupMs, maxMegabytes });
		try {
			await store.check();
			const { events, pending, dead, bytes } = await store.browse.totals(Date.now());
			const size = bytes === null ? '' : `, ${megabytes(bytes)}`;
			const waiting = `${plural(pending, 'waiting delivery', 'waiting deliveries')}, ${plural(dead, 'dead delivery', 'dead deliveries')}`;
			const detail = `writable; ${plural(events, 'event', 'events')}${size}, ${waiting}`;
			const maxBytes = maxMegabytes === undefined ? null : maxMegabytes * 1024 * 1024;
			const watch = { silenceMs, retentionMs, maxBytes, waitingMs: WAITING_MS, now: Date.now };
			const { concerns } = await watchAttention(store, watch).look();
			const subscribers = await readAllSubscribers(config, environment, store).catch(() => []);
			return { findings: [ok('store', detail), ...concerns.map(findingOf), ...checkFiles(config.store)], subscribers };
		} finally {
			await store.close();
		}
	} catch (error) {
		const detail = error instanceof Error ? error.message : String(error);
		const advice =
			'A new relay creates its store at its first start. Otherwise check RELAY_STORE, the folder and its owner, and free disk space.';
		const file = config.subscribersPath === undefined ? null : readSubscribersFile(config.subscribersPath, environment);
		return { findings: [failed('store', detail, advice)], subscribers: file?.subscribers ?? [] };
	}
}

/** A concern of the dashboard as a finding; only silence and standby may have a harmless reason. */
function findingOf({ kind, detail, advice, since }: Concern): Finding {
	const time = since === null ? '' : ` (since ${new Date(since).toISOString()})`;
	const finding = kind === 'silent' || kind === 'standby' ? warning : failed;
	return finding(kind, `${detail}${time}`, advice);
}

/** The running relay knows whether its last webhook was stored; when none runs here, there is nothing to say. */
async function checkRunning({ host, port, basePath }: Config): Promise<readonly Finding[]> {
	const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
	try {
		const answer = await fetch(`http://${name}:${port}${basePath}/readyz`, { signal: AbortSignal.timeout(5000) });
		if (!(await answer.text()).includes('"store-failing"')) return [];
	} catch {
		return [];
	}
	const advice = 'Check the store and its disk: the error is in the log line "events not stored".';
	return [failed('running relay', 'does not store webhooks: /readyz answers "store-failing"', advice)];
}

function checkFiles(store: string): readonly Finding[] {
	if (!store.startsWith('sqlite:')) return [];
	const loose = looseModes(store.slice('sqlite:'.length));
	if (loose.length === 0) return [ok('file modes', 'only the owner can read the store')];
	return loose.map((line) => {
		const [detail = '', advice = ''] = line.split(': ');
		return failed('file modes', detail, `Run: ${advice}`);
	});
}
