import { readFileSync } from 'node:fs';
import type { NamedSecret } from '@instagram-insights/core/webhook';
import { z } from 'zod/v4';
import type { MetaAccount } from '../admin/meta-subscriptions.ts';
import { describeProblems } from '../admin/problems.ts';
import { parseDuration } from '../admin/subscriber.ts';

/** The environment as the relay understands it. */
export type Config = z.infer<typeof environmentSchema>;

const DAY_MS = 86_400_000;
/** Shorter than this, clocks that differ a little would refuse every webhook. */
const LEAST_AGE_MS = 60_000;
const flag = z
	.enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
	.transform((text) => text === 'true' || text === '1');
const days = z.coerce
	.number()
	.positive()
	.max(3650)
	.transform((count) => count * DAY_MS);
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL such as https://relay.example.com' });
const count = z.coerce.number().int().positive();

const environmentSchema = z
	.object({
		RELAY_HOST: z.string().default('127.0.0.1'),
		RELAY_PORT: z.coerce.number().int().min(0).max(65535).default(8787),
		RELAY_STORE: z
			.string()
			.regex(
				/^(sqlite|postgres(ql)?):/,
				'must be sqlite:<path of a file> or postgres://user:password@host:5432/database',
			)
			.default('sqlite:./data/relay.db'),
		RELAY_STORE_MAX_MB: count.optional(),
		META_VERIFY_TOKEN: z.string({
			error: 'is not set; choose any word, set it here, and enter it next to the callback URL in the App Dashboard',
		}),
		META_APP_SECRETS: z
			.string({ error: 'is not set; set it to instagram:<Instagram app secret>, as the App Dashboard shows it' })
			.transform(readNamedSecrets),
		RELAY_ACCEPT_SHA1: flag.default(false),
		RELAY_SUBSCRIBERS: z.string().optional(),
		RELAY_ADMIN_TOKEN: z
			.string()
			.regex(/^[\x21-\x7e]{1,1000}$/, 'must be at most 1000 ASCII characters, without spaces')
			.optional(),
		RELAY_PUBLIC_URL: httpUrl.optional(),
		RELAY_BODY_LIMIT_MB: z.coerce.number().positive().max(100).default(5),
		RELAY_BODIES_MB: z.coerce.number().positive().max(10_000).default(128),
		RELAY_MAX_CONNECTIONS: count.default(2000),
		RELAY_DEDUP_DAYS: days.default(7 * DAY_MS),
		RELAY_RETENTION_DAYS: days.default(30 * DAY_MS),
		RELAY_SILENCE_HOURS: z.coerce.number().min(0).default(24),
		RELAY_MAX_AGE: z
			.string()
			.transform((text) => parseDuration(text))
			.refine((ms) => ms !== null && ms >= LEAST_AGE_MS, 'must be a duration such as 36h or 3d, at least 1m')
			.optional(),
		RELAY_BASE_PATH: z
			.string()
			.regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*\/?$/, 'must be a path such as /relay')
			.transform((path) => path.replace(/\/$/, ''))
			.default(''),
		RELAY_ALLOW_PRIVATE: flag.default(true),
		RELAY_DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(10),
		RELAY_TRACES: z.enum(['off', 'otlp']).default('off'),
		META_APP_ID: z.string().regex(/^\d+$/, 'must be the app ID, a number in the App Dashboard').optional(),
		META_APP_SECRET_NAME: z.string().optional(),
		META_ACCOUNTS: z.string().transform(readAccounts).default([]),
		META_INSTAGRAM_URL: httpUrl.default('https://graph.instagram.com'),
		META_FACEBOOK_URL: httpUrl.default('https://graph.facebook.com'),
		RELAY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
	})
	.transform((environment) => ({
		host: environment.RELAY_HOST,
		port: environment.RELAY_PORT,
		store: environment.RELAY_STORE,
		storeMaxMegabytes: environment.RELAY_STORE_MAX_MB,
		verifyToken: environment.META_VERIFY_TOKEN,
		appSecrets: environment.META_APP_SECRETS,
		acceptSha1: environment.RELAY_ACCEPT_SHA1,
		subscribersPath: environment.RELAY_SUBSCRIBERS,
		/** undefined: admin API and dashboard are off */
		adminToken: environment.RELAY_ADMIN_TOKEN,
		publicUrl: environment.RELAY_PUBLIC_URL,
		bodyLimitBytes: environment.RELAY_BODY_LIMIT_MB * 1024 * 1024,
		/** at least one body of the largest size fits */
		bodiesHeldBytes: Math.max(environment.RELAY_BODIES_MB, environment.RELAY_BODY_LIMIT_MB) * 1024 * 1024,
		maxConnections: environment.RELAY_MAX_CONNECTIONS,
		dedupMs: environment.RELAY_DEDUP_DAYS,
		retentionMs: environment.RELAY_RETENTION_DAYS,
		/** 0: no warning */
		silenceMs: environment.RELAY_SILENCE_HOURS * 3_600_000,
		/** null: no limit */
		maxAgeMs: environment.RELAY_MAX_AGE ?? null,
		/** in front of every path; empty: none */
		basePath: environment.RELAY_BASE_PATH,
		allowPrivate: environment.RELAY_ALLOW_PRIVATE,
		drainMs: environment.RELAY_DRAIN_SECONDS * 1000,
		traces: environment.RELAY_TRACES,
		logLevel: environment.RELAY_LOG_LEVEL,
		/** for the doctor and subscribe commands alone */
		meta: {
			appId: environment.META_APP_ID,
			appSecret: appSecretOf(environment.META_APP_SECRETS, environment.META_APP_SECRET_NAME),
			accounts: environment.META_ACCOUNTS,
			baseUrls: {
				'graph.instagram.com': environment.META_INSTAGRAM_URL,
				'graph.facebook.com': environment.META_FACEBOOK_URL,
			},
		},
	}));

/** Secrets may come from a file instead: `META_APP_SECRETS_FILE=/run/secrets/…`. */
const FROM_FILE = [
	'RELAY_STORE',
	'META_VERIFY_TOKEN',
	'META_APP_SECRETS',
	'META_ACCOUNTS',
	'RELAY_ADMIN_TOKEN',
] as const;

/** Every problem of the environment at once; no values in it. */
export class ConfigError extends Error {
	readonly problems: readonly string[];

	constructor(problems: readonly string[]) {
		super(`Invalid settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
		this.name = 'ConfigError';
		this.problems = problems;
	}
}

/**
 * Read the environment.
 *
 * @throws {ConfigError} with every problem
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
	const given: Record<string, string> = {};
	const problems: string[] = [];
	for (const [name, value = ''] of Object.entries(environment)) if (value.trim() !== '') given[name] = value.trim();
	for (const name of FROM_FILE) {
		const path = given[`${name}_FILE`];
		if (path === undefined || given[name] !== undefined) continue;
		try {
			given[name] = readFileSync(path, 'utf8').trim();
			if (given[name] === '') problems.push(`${name}_FILE: ${path} is empty; write the value into it`);
		} catch {
			problems.push(`${name}_FILE: ${path} cannot be read; correct the path, or its owner and permissions`);
		}
	}
	for (const name of Object.keys(environmentSchema.in.shape)) {
		// Docker's --env-file keeps quotation marks that a shell takes away.
		const [, quoted] = /^["'`](.+)["'`]$/s.exec(given[name] ?? '') ?? [];
		if (quoted === undefined) continue;
		problems.push(`${name}: is wrapped in quotation marks; remove them`);
		given[name] = quoted;
	}
	const reading = environmentSchema.safeParse(given);
	if (!reading.success) problems.push(...describeProblems(reading.error, 'the environment'));
	if (!reading.success || problems.length > 0) throw new ConfigError(problems);
	return reading.data;
}

/**
 * Variables named like settings of the relay that it does not know, so that a misspelt setting is noticed. `META_…` may
 * belong to other programs, so it is not checked.
 */
export function unknownSettings(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
	const known = new Set([...Object.keys(environmentSchema.in.shape), ...FROM_FILE.map((name) => `${name}_FILE`)]);
	return Object.keys(environment).filter((name) => name.startsWith('RELAY_') && !known.has(name));
}

/** `instagram:abc,facebook:def`; a secret may hold colons. A name can appear twice while its secret is rotated; both secrets are accepted. */
function readNamedSecrets(text: string, context: z.RefinementCtx): readonly NamedSecret[] {
	const secrets = text.split(',').map((pair): NamedSecret => {
		const place = pair.indexOf(':');
		return { name: pair.slice(0, Math.max(0, place)).trim(), secret: pair.slice(place + 1).trim() };
	});
	if (secrets.some(({ name, secret }) => !/^[\w-]{1,40}$/.test(name) || !/^[^\s"'`;]+$/.test(secret))) {
		const message =
			'must be name:secret pairs separated by commas, such as instagram:…,facebook:…, without spaces or quotation marks';
		context.addIssue({ code: 'custom', message });
	}
	return secrets;
}

/** `bakery:IGAA…` (Instagram Login), `bakery@<page id>:EAA…` (Facebook Login, a Page token) or `bakery@<account id>:…` (Unified Login). */
function readAccounts(text: string, context: z.RefinementCtx): readonly MetaAccount[] {
	return text.split(',').flatMap((pair): MetaAccount[] => {
		const { name, page, token } = /^\s*(?<name>[\w.-]+)(?:@(?<page>\d+))?:(?<token>\S+)\s*$/.exec(pair)?.groups ?? {};
		if (name !== undefined && token !== undefined) {
			return [
				{ name, token, node: page ?? 'me', host: page === undefined ? 'graph.instagram.com' : 'graph.facebook.com' },
			];
		}
		context.addIssue({
			code: 'custom',
			message: 'must be name:token, name@page-id:token or name@account-id:token, separated by commas',
		});
		return [];
	});
}

/** The app's own token is made of the Facebook app secret, also where webhooks are signed with the Instagram one. */
function appSecretOf(secrets: readonly NamedSecret[], name: string | undefined): string | undefined {
	return (
		secrets.find((secret) => secret.name === (name ?? 'facebook')) ?? (name === undefined ? secrets[0] : undefined)
	)?.secret;
}
