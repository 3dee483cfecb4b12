import type { Answer } from '../answer/graph-error.ts';
import { type EmitOptions, type Emitter, EVENT_SHAPES } from '../emit-webhook/emitter.ts';
import type { ScenarioBook, ScenarioRule } from '../scenario/scenario-book.ts';
import { SCENARIOS } from '../scenario/scenarios.ts';
import type { NewMedia } from '../world/media.ts';
import { APPS } from '../world/token.ts';
import { TOKEN_VARIANTS } from '../world/token-registry.ts';
import type { World } from '../world/world.ts';
import { parseJson, type RawRequest } from './http.ts';
import type { RequestLog } from './request-log.ts';

export type AdminSetting = {
	readonly world: World;
	readonly log: RequestLog;
	readonly scenarios: ScenarioBook;
	readonly emitter: Emitter;
	readonly resetUsage: () => void;
};

/** `/__sandbox/…`: what a person or a test asks of the sandbox itself. Never counted or logged. */
export async function answerAdmin(setting: AdminSetting, raw: RawRequest): Promise<Answer> {
	const asked = `${raw.method} ${raw.path.join('/')}`;
	const body = raw.body === '' ? raw.params : parseJson(raw.body);
	if (typeof body !== 'object' || body === null) return failed('the body must be a JSON object');
	try {
		return { status: 200, body: await act(setting, asked, body) };
	} catch (error) {
		return failed(error instanceof Error ? error.message : String(error));
	}
}

async function act(setting: AdminSetting, asked: string, body: object): Promise<unknown> {
	const { world, log, scenarios, emitter } = setting;
	switch (asked) {
		case 'GET ':
			return overview(world);
		case 'GET requests':
			return { requests: log.requests() };
		case 'GET counts':
			return log.counts();
		case 'POST reset':
			log.reset();
			scenarios.clear();
			setting.resetUsage();
			return { success: true };
		case 'GET scenario':
			return {
				rules: scenarios.rules(),
				known: Object.fromEntries(Object.entries(SCENARIOS).map(([name, scenario]) => [name, scenario.means])),
			};
		case 'POST scenario':
			scenarios.add(body as ScenarioRule);
			return { rules: scenarios.rules() };
		case 'DELETE scenario':
			scenarios.clear();
			return { rules: [] };
		case 'POST emit': {
			const { everyMs, ...options } = body as EmitOptions & { readonly everyMs?: number | string };
			if (everyMs === undefined) return { deliveries: await emitter.emit(numbered(options)) };
			emitter.emitEvery(Math.max(100, Number(everyMs)), numbered(options));
			return { success: true };
		}
		case 'DELETE emit':
			emitter.stopTimers();
			return { success: true };
		case 'POST world':
			return changeWorld(world, body as WorldChange);
		default:
			throw new RangeError(`nothing at "${asked}"; see GET /__sandbox`);
	}
}

/** A change of the running world: one account, and what happens to it. */
type WorldChange = {
	readonly account?: string;
	readonly followers?: number;
	readonly publish?: NewMedia;
	readonly remove?: string;
	readonly media?: { readonly id: string; readonly metric: string; readonly value: number };
	readonly day?: { readonly day: string; readonly metric: string; readonly value: number };
};

function changeWorld(world: World, change: WorldChange): unknown {
	const account = world.account(change.account ?? 'bakery');
	if (change.followers !== undefined) account.setFollowers(Number(change.followers));
	if (change.remove !== undefined) account.remove(change.remove);
	if (change.media !== undefined)
		account.setMediaMetric(change.media.id, change.media.metric, Number(change.media.value));
	if (change.day !== undefined) account.setDay(change.day.metric, change.day.day, Number(change.day.value));
	return { success: true, ...(change.publish === undefined ? {} : { published: account.publish(change.publish) }) };
}

/** Query parameters arrive as text. */
function numbered(options: EmitOptions): EmitOptions {
	return {
		...options,
		...(options.size === undefined ? {} : { size: Number(options.size) }),
		...(options.times === undefined ? {} : { times: Number(options.times) }),
		...(options.tries === undefined ? {} : { tries: Number(options.tries) }),
	};
}

function overview(world: World): unknown {
	return {
		accounts: Object.values(world.accounts).map(
			({ key, id, appScopedId, pageId, username, name, followers, tokens }) => ({
				key,
				id,
				appScopedId,
				pageId,
				username,
				name,
				followers,
				tokens,
			}),
		),
		tokenVariants: Object.fromEntries(Object.entries(TOKEN_VARIANTS).map(([name, variant]) => [name, variant.means])),
		apps: APPS,
		scenarios: Object.keys(SCENARIOS),
		webhookShapes: ['all', 'batch', ...Object.keys(EVENT_SHAPES)],
	};
}

function failed(message: string): Answer {
	return { status: 400, body: { error: message } };
}
