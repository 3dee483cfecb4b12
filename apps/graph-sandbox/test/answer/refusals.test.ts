import { describe, expect, test } from 'vitest';
import { APPS, type Media } from '../../src/index.ts';
import { type Reply, sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile({ world: { legacyVideoShare: 0.02 } });
const ACCOUNT = 'graph.facebook.com/v25.0/17841401714833121';
const TOTALS = 'period=day&metric_type=total_value';

const facebook = (path: string) => ask(`${ACCOUNT}${path}`, 'EAA-sandbox-large');
const insights = (query: string) => facebook(`/insights?${query}`);
const scenario = (name: string) =>
	ask(`${ACCOUNT}/insights?metric=follower_count&period=day`, 'EAA-sandbox-large', {
		headers: { 'x-sandbox-scenario': name },
	});
const token = (variant: string) => ask(ACCOUNT, `EAA-sandbox-large-${variant}`);
const large = () => sandbox().world.account('large');
const medium = async (wanted: (media: Media) => boolean, query: string, edge = 'insights'): Promise<Reply> => {
	const found = [...large().media(), ...large().stories()].find(wanted);
	if (found === undefined) throw new Error('no such media in the world');
	return ask(`graph.facebook.com/v25.0/${found.id}${edge === '' ? '' : `/${edge}`}?${query}`, 'EAA-sandbox-large');
};
const image = (media: Media) => media.mediaType === 'IMAGE' && media.productType === 'FEED' && !media.beforeConversion;

type Refusal = readonly [code: number, subcode: number | undefined, text: string, ask: () => Promise<Reply>];

/** Every error of the reference, and how to meet it. */
const REFUSALS: readonly Refusal[] = [
	[1, undefined, 'An unknown error occurred', () => scenario('unknown')],
	[1, undefined, 'Please reduce the amount of data', () => facebook('/media?limit=100&fields=children{id}')],
	[2, undefined, 'An unexpected error', () => scenario('transient')],
	[-1, 2207086, 'Fatal', () => medium((m) => image(m) && !m.sharedToFacebook, 'metric=facebook_views')],
	[4, undefined, 'Application request limit reached', () => scenario('rate-limit-app')],
	[17, undefined, 'User request limit reached', () => scenario('rate-limit-user')],
	[32, undefined, 'Page request limit reached', () => scenario('rate-limit-page')],
	[341, undefined, 'Application limit reached', () => scenario('rate-limit-app-older')],
	[613, undefined, 'exceeded the rate limit', () => scenario('rate-limit-custom')],
	[80002, undefined, 'too many calls to this Instagram account', () => token('rate-limited')],
	[368, undefined, 'deemed abusive', () => scenario('blocked')],
	[10, undefined, 'Not enough viewers', () => medium((m) => m.fewViewers, 'metric=reach')],
	[10, undefined, 'does not have permission', () => scenario('no-permission')],
	[3, undefined, 'capability', () => facebook('/subscribed_apps')],
	[200, undefined, 'total_views', () => medium(pictureStory, 'metric=total_views')],
	[100, 33, 'does not exist, cannot be loaded', () => ask('graph.facebook.com/v25.0/1', 'EAA-sandbox-large')],
	[100, 2108006, 'Invalid parameter', () => medium((m) => m.beforeConversion, 'metric=reach')],
	[100, undefined, 'does not support the views metric', () => medium((m) => m.legacyVideo, 'metric=reach,views')],
	[100, undefined, 'metric[0] must be one of', () => insights('metric=plays&period=day')],
	[100, undefined, 'must be a valid insights metric', () => page('/insights?metric=reach')],
	[100, undefined, 'metric_type=total_value', () => insights('metric=views&period=day')],
	[100, undefined, 'incompatible with the metric', () => insights('metric=likes&period=week&metric_type=total_value')],
	[100, undefined, 'Incompatible breakdowns', () => medium(image, 'metric=reach&breakdown=follow_type')],
	[100, undefined, 'breakdown[0] must be one of', () => insights(`metric=views&${TOTALS}&breakdown=hair`)],
	[100, undefined, 'cannot be more than 30 days', () => insights('metric=reach&period=day&since=2026-09-01')],
	[100, undefined, 'for the last 2 years', () => insights('metric=reach&period=day&since=2024-01-01&until=2024-01-02')],
	[
		100,
		undefined,
		'days excluding the current day',
		() => insights('metric=follower_count&period=day&since=2026-01-01&until=2026-01-02'),
	],
	[100, undefined, 'no longer supported', () => medium(image, 'metric=impressions')],
	[100, undefined, 'ids query parameter is deprecated', () => ask('graph.facebook.com/v25.0/?ids=1')],
	[100, undefined, 'An unknown error has occurred', () => insights(`metric=replies&${TOTALS}&breakdown=follow_type`)],
	[100, undefined, 'The parameter period is required', () => insights('metric=reach')],
	[100, 2874010, 'Not enough users', () => scenario('not-enough-users')],
	[100, undefined, 'require an appsecret_proof', () => token('app')],
	[100, undefined, 'Invalid appsecret_proof', () => facebook('?appsecret_proof=00')],
	[100, undefined, 'nonexisting field (hair)', () => facebook('?fields=hair')],
	[101, undefined, 'Error validating application', () => exchange({ client_id: '9' })],
	[1, undefined, 'Error validating client secret', () => exchange({ client_secret: 'guess' })],
	[102, undefined, 'Session key invalid', () => scenario('session')],
	[190, undefined, 'Cannot parse access token', () => ask(ACCOUNT, 'IGAA-sandbox-large')],
	[190, 458, 'not authorized', () => token('app-removed')],
	[190, 459, 'checkpoint', () => token('checkpoint')],
	[190, 460, 'changed their password', () => token('password-changed')],
	[190, 463, 'Session has expired', () => token('expired')],
	[190, 464, 'not a confirmed user', () => token('unconfirmed')],
	[190, 467, 'invalidated', () => token('invalid')],
	[190, 492, 'no longer has a role', () => token('role-lost')],
	[24, 2207006, 'cannot be found', removed],
	[25, 2207050, 'account is restricted', () => scenario('restricted')],
	[803, undefined, 'aliases you requested do not exist', () => ask('graph.facebook.com/v25.0/x', 'EAA-sandbox-large')],
	[2500, undefined, 'Unknown path components', () => facebook('/hair')],
	[2500, undefined, 'Syntax error', () => facebook('/media?fields=id{')],
	[36104, undefined, 'Business Discovery', () => medium(image, 'fields=view_count', '')],
	[9005, 1452042, 'Invalid parameter', () => medium(image, 'fields=copyright_check_information', '')],
];

describe('refusals', () => {
	test.each(REFUSALS)('code %i with subcode %s says "%s"', async (code, subcode, text, meet) => {
		const { error } = (await meet()).body;
		expect([error?.code, error?.error_subcode]).toEqual([code, subcode]);
		expect(error?.message).toContain(text);
	});
});

function pictureStory(media: Media): boolean {
	return media.productType === 'STORY' && media.mediaType === 'IMAGE' && !media.fewViewers;
}

function page(path: string): Promise<Reply> {
	return ask(`graph.facebook.com/v25.0/${large().pageId}${path}`, 'EAA-sandbox-large');
}

function exchange(change: Readonly<Record<string, string>>): Promise<Reply> {
	const { id, secret } = APPS.facebook;
	const query = new URLSearchParams({ client_id: id, client_secret: secret, code: 'x', ...change });
	return ask(`graph.facebook.com/v25.0/oauth/access_token?${query}`);
}

async function removed(): Promise<Reply> {
	const media = large().publish();
	large().remove(media.id);
	return ask(`graph.facebook.com/v25.0/${media.id}`, 'EAA-sandbox-large');
}
