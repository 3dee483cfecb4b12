import { InsightsError, type LoginType, subscriptionNames } from '@instagram-insights/core/internal';
import { loginOf, type MetaAccount, type MetaSubscriptions } from '../../admin/meta-subscriptions.ts';
import type { Subscriber } from '../../relay/event.ts';
import type { Config } from '../config.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

type Layers = { callbackUrl: string | null; subscribers: readonly Subscriber[] };

/**
 * Meta's three layers, each of which can be missing while the other two look fine: the app's callback, the app's fields,
 * the account's subscription.
 *
 * @param layers `callbackUrl` is where the relay is reached; null: unknown
 */
export async function checkMeta(
	{ meta }: Config,
	subscriptions: MetaSubscriptions,
	{ callbackUrl, subscribers }: Layers,
): Promise<readonly Finding[]> {
	const wanted = [...new Set(subscribers.flatMap(({ fields }) => fields ?? []))];
	const findings =
		meta.appId === undefined
			? [
					skipped(
						'app callback',
						"Set META_APP_ID, and the Facebook app secret under the name 'facebook' in META_APP_SECRETS.",
					),
				]
			: await checkApp(subscriptions, callbackUrl, wanted);
	if (meta.accounts.length === 0) {
		const advice =
			'Set META_ACCOUNTS to name:token (Instagram Login), name@page-id:token (Facebook Login) or name@account-id:token (Unified Login).';
		return [...findings, skipped('account subscriptions', advice)];
	}
	for (const account of meta.accounts) {
		const check = `account ${account.name}`;
		findings.push(...(await orFailure(check, () => checkAccount(check, account, subscriptions, wanted))));
	}
	return findings;
}

async function checkAccount(
	check: string,
	account: MetaAccount,
	subscriptions: MetaSubscriptions,
	wanted: readonly string[],
): Promise<Finding[]> {
	const command = `instagram-webhook-relay subscribe ${account.name}`;
	const fields = await subscriptions.readAccount(account);
	if (fields.length === 0) return [failed(check, 'not subscribed to the app', `Run: ${command}`)];
	// A Page takes Page fields; Instagram's own names are refused there, so there is nothing to compare.
	const login = loginOf(account);
	const missing = login === 'facebook' ? [] : wanted.filter((field) => !isCovered(field, fields, [login]));
	if (missing.length === 0) return [ok(check, fields.join(', '))];
	const advice = `Run: ${command} --fields ${[...fields, ...missing].join(',')}`;
	return [warning(check, `subscribed, but not to ${missing.join(', ')}`, advice)];
}

const SUBSCRIBE_APP = 'instagram-webhook-relay subscribe --app';

function checkApp(
	subscriptions: MetaSubscriptions,
	callbackUrl: string | null,
	wanted: readonly string[],
): Promise<Finding[]> {
	const check = 'app callback';
	return orFailure(check, async () => {
		const app = await subscriptions.readApp();
		if (app === null) {
			const advice = `Run: ${SUBSCRIBE_APP}, or set it in the App Dashboard.`;
			return [failed(check, 'the app has no callback for instagram', advice)];
		}
		const address = withoutQuery(app.callbackUrl);
		const callback = !app.active
			? failed(check, 'inactive', `Meta turned it off after failures. Run: ${SUBSCRIBE_APP}`)
			: callbackUrl !== null && app.callbackUrl !== callbackUrl
				? failed(
						check,
						`points to ${address}, not to this relay`,
						`Meta allows one callback per app. Run: ${SUBSCRIBE_APP}`,
					)
				: ok(check, address);
		const { fields } = app;
		const missing = wanted.filter((field) => !isCovered(field, fields, ['facebook', 'unified', 'instagram']));
		if (fields.length > 0 && missing.length === 0) return [callback, ok('app fields', fields.join(', '))];
		const detail = fields.length === 0 ? 'none' : `without ${missing.join(', ')}`;
		const advice = `Subscribe to them in the App Dashboard under Webhooks > Instagram, or run: ${SUBSCRIBE_APP}`;
		return [callback, failed('app fields', detail, advice)];
	});
}

/** Names of ours that no one subscribes to. */
const OURS = new Set(['unreadable', 'unknown']);

/** Whether a field comes with what is subscribed to, with one of these logins. */
function isCovered(field: string, fields: readonly string[], logins: readonly LoginType[]): boolean {
	if (OURS.has(field)) return true;
	return logins.some((login) => subscriptionNames([field], login).names.every((name) => fields.includes(name)));
}

async function orFailure(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
	try {
		return await look();
	} catch (error) {
		if (!(error instanceof InsightsError)) throw error;
		return [failed(check, error.message, error.advice)];
	}
}

function withoutQuery(url: string): string {
	return URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : 'something that is not a URL';
}
