import { InsightsError, type LoginType, subscriptionNames } from '@instagram-insights/core/internal';
import { loginOf, type MetaSubscriptions } from '../../admin/meta-subscriptions.ts';
import type { Subscriber } from '../../relay/event.ts';
import type { Config } from '../config.ts';
import type { Finding } from './finding.ts';

/**
 * Meta's three layers, each of which can be missing while the other two look fine: the app's callback, the app's fields,
 * the account's subscription.
 *
 * @param callbackUrl where the relay is reached; null: unknown
 */
export async function checkMeta(
	{ meta }: Config,
	subscriptions: MetaSubscriptions,
	options: { callbackUrl: string | null; subscribers: readonly Subscriber[] },
): Promise<readonly Finding[]> {
	const wanted = [...new Set(options.subscribers.flatMap(({ fields }) => fields ?? []))];
	const findings = [...(await checkApp(meta, subscriptions, { ...options, wanted }))];
	if (meta.accounts.length === 0) {
		const advice =
			'Set META_ACCOUNTS to name:token (Instagram Login), name@page-id:token (Facebook Login) or name@account-id:token (Unified Login).';
		findings.push({ state: 'skipped', check: 'account subscriptions', advice });
	}
	for (const account of meta.accounts) {
		const check = `account ${account.name}`;
		const command = `instagram-webhook-relay subscribe ${account.name}`;
		findings.push(
			await orFailure(check, async () => {
				const fields = await subscriptions.readAccount(account);
				if (fields.length === 0) {
					return {
						state: 'failed',
						check,
						detail: 'not subscribed to the app',
						advice: `Run: ${command}`,
					};
				}
				// A Page takes Page fields; Instagram's own names are refused there, so there is nothing to compare.
				const login = loginOf(account);
				const missing = login === 'facebook' ? [] : wanted.filter((field) => !isCovered(field, fields, [login]));
				if (missing.length === 0) return { state: 'ok', check, detail: fields.join(', ') };
				return {
					state: 'warning',
					check,
					detail: `subscribed, but not to ${missing.join(', ')}`,
					advice: `Run: ${command} --fields ${[...fields, ...missing].join(',')}`,
				};
			}),
		);
	}
	return findings;
}

async function checkApp(
	{ appId }: Config['meta'],
	subscriptions: MetaSubscriptions,
	{ callbackUrl, wanted }: { callbackUrl: string | null; wanted: readonly string[] },
): Promise<readonly Finding[]> {
	const check = 'app callback';
	if (appId === undefined) {
		return [
			{
				state: 'skipped',
				check,
				advice: "Set META_APP_ID, and the Facebook app secret under the name 'facebook' in META_APP_SECRETS.",
			},
		];
	}
	const app = { current: null as Awaited<ReturnType<MetaSubscriptions['readApp']>> };
	const callback = await orFailure(check, async () => {
		app.current = await subscriptions.readApp();
		const command = 'instagram-webhook-relay subscribe --app';
		if (app.current === null) {
			return {
				state: 'failed',
				check,
				detail: 'the app has no callback for instagram',
				advice: `Run: ${command}, or set it in the App Dashboard.`,
			};
		}
		if (!app.current.active)
			return {
				state: 'failed',
				check,
				detail: 'inactive',
				advice: `Meta turned it off after failures. Run: ${command}`,
			};
		if (callbackUrl !== null && app.current.callbackUrl !== callbackUrl) {
			return {
				state: 'failed',
				check,
				detail: `points to ${withoutQuery(app.current.callbackUrl)}, not to this relay`,
				advice: `Meta allows one callback per app. Run: ${command}`,
			};
		}
		return { state: 'ok', check, detail: withoutQuery(app.current.callbackUrl) };
	});
	if (app.current === null) return [callback];
	const { fields } = app.current;
	const missing = wanted.filter((field) => !isCovered(field, fields, ['facebook', 'unified', 'instagram']));
	if (fields.length === 0 || missing.length > 0) {
		const detail = fields.length === 0 ? 'none' : `without ${missing.join(', ')}`;
		const advice =
			'Subscribe to them in the App Dashboard under Webhooks > Instagram, or run: instagram-webhook-relay subscribe --app';
		return [callback, { state: 'failed', check: 'app fields', detail, advice }];
	}
	return [callback, { state: 'ok', check: 'app fields', detail: fields.join(', ') }];
}

/** Names of ours that no one subscribes to. */
const OURS = new Set(['unreadable', 'unknown']);

/** Whether a field comes with what is subscribed to, with one of these logins. */
function isCovered(field: string, fields: readonly string[], logins: readonly LoginType[]): boolean {
	if (OURS.has(field)) return true;
	return logins.some((login) => subscriptionNames([field], login).names.every((name) => fields.includes(name)));
}

async function orFailure(check: string, look: () => Promise<Finding>): Promise<Finding> {
	try {
		return await look();
	} catch (error) {
		if (!(error instanceof InsightsError)) throw error;
		return { state: 'failed', check, detail: error.message, advice: error.advice };
	}
}

function withoutQuery(url: string): string {
	return URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : 'something that is not a URL';
}
