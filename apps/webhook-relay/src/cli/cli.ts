import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Subscribed } from '@instagram-insights/core/internal';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { MigrateOptions } from '../admin/admin-store.ts';
import { plural } from '../admin/attention.ts';
import { readTime, TIME_FORMS } from '../admin/event-query.ts';
import type { MetaAccount, MetaSubscriptions } from '../admin/meta-subscriptions.ts';
import { type Config, readConfig } from './config.ts';
import type { ReplayOptions } from './store-commands.ts';
import { systemClock } from './system-clock.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where messages and data of a command go. */
export type Console = {
	/** a line for people */
	readonly say: (line: string) => void;
	/** data, which may be piped on */
	readonly data: NodeJS.WritableStream;
	/** the command ran and found a problem */
	readonly fail: () => void;
};

/** The commands. Each loads its code when it runs, so that the running relay does not hold the others in memory. */
export function createProgram(environment: Environment, { say, data, fail }: Console): Command {
	const program = new Command('instagram-webhook-relay')
		.description('The one callback URL Meta allows: verifies, stores, and delivers every Instagram webhook event.')
		.version(ownVersion(), '-v, --version', 'print the version');

	program
		.command('start')
		.description('start receiving and delivering')
		.action(async () => {
			const { runRelay } = await import('./run-relay.ts');
			await runRelay(readConfig(environment), environment);
		});

	program
		.command('doctor')
		.description("check secrets, store, public address and Meta's three subscription layers; changes nothing")
		.option('--json', 'print findings as JSON')
		.action(async ({ json }: { json?: boolean }) => {
			const { runDoctor } = await import('./doctor/doctor.ts');
			const { describeFinding } = await import('./doctor/finding.ts');
			const findings = await runDoctor(readConfig(environment), environment, (finding) => {
				if (json !== true) say(describeFinding(finding));
			});
			if (json === true) data.write(`${JSON.stringify(findings, null, '\t')}\n`);
			if (findings.some(({ state }) => state === 'failed')) fail();
		});

	/** Run an action at Meta. */
	async function atMeta(act: (subscriptions: MetaSubscriptions, config: Config) => Promise<void>): Promise<void> {
		const config = readConfig(environment);
		const { createMetaSubscriptions } = await import('../admin/meta-subscriptions.ts');
		const subscriptions = createMetaSubscriptions(config.meta, systemClock);
		await act(subscriptions, config).finally(() => subscriptions.close());
	}

	program
		.command('subscribe')
		.description("subscribe an account of META_ACCOUNTS to the app, or set the app's callback with --app")
		.argument('[account]', 'name in META_ACCOUNTS')
		.option('--app', "set the app's callback URL and fields")
		.option('--fields <list>', 'comma-separated fields (default: the usual ones)', list)
		.action((name: string | undefined, { app, fields }: { app?: boolean; fields?: readonly string[] }) =>
			atMeta(async (subscriptions, config) => {
				const { usualFields } = await import('../admin/meta-subscriptions.ts');
				if (app !== true) {
					const account = accountNamed(config, name);
					const taken = await subscriptions.writeAccount(account, fields ?? usualFields(account));
					return say(`${account.name} is subscribed to ${taken.fields.join(', ')}.${leftOut(taken)}`);
				}
				const { callbackUrlOf } = await import('./doctor/doctor.ts');
				const url = callbackUrlOf(config);
				if (url === null) throw new TypeError('Set RELAY_PUBLIC_URL to the HTTPS address of this relay.');
				const wanted = { url, verifyToken: config.verifyToken, fields: fields ?? usualFields() };
				const taken = await subscriptions.writeApp(wanted);
				say(`The app sends ${taken.fields.join(', ')} to ${url}.${leftOut(taken)}`);
			}),
		);

	program
		.command('unsubscribe')
		.description('end the subscription of an account of META_ACCOUNTS')
		.argument('<account>', 'name in META_ACCOUNTS')
		.action((name: string) =>
			atMeta(async (subscriptions, config) => {
				await subscriptions.removeAccount(accountNamed(config, name));
				say(`${name} is no longer subscribed.`);
			}),
		);

	program
		.command('send-test')
		.description('send signed samples of every shape to the relay, as Meta would')
		.option('--url <url>', 'URL to send to (default: the relay on this machine)')
		.option('--shape <name>', 'send only this shape')
		.option('--account <id>', 'Instagram account ID; 0 marks samples', '0')
		.option('--secret <name>', 'name of the app secret to sign with (default: the first)')
		.action(async (options: { url?: string; shape?: string; account: string; secret?: string }) => {
			const config = readConfig(environment);
			const { sampleWebhooks, sendSamples } = await import('./send-test.ts');
			const { appSecrets, host, port } = config;
			const signer = appSecrets.find(({ name }) => options.secret === undefined || name === options.secret);
			if (signer === undefined) {
				const names = appSecrets.map(({ name }) => name).join(', ');
				throw new TypeError(`Unknown app secret "${options.secret}". META_APP_SECRETS has: ${names}`);
			}
			const unique = randomBytes(6).toString('hex');
			const all = sampleWebhooks({ account: options.account, now: new Date(), unique });
			const samples = all.filter(({ shape }) => options.shape === undefined || shape === options.shape);
			if (samples.length === 0)
				throw new TypeError(`--shape must be one of ${all.map(({ shape }) => shape).join(', ')}`);
			const sent = await sendSamples(samples, {
				url:
					options.url ??
					`http://${host.includes(':') ? `[${host}]` : host}:${port}${config.basePath}/webhooks/instagram`,
				secret: signer.secret,
				onSent: ({ shape, status }) => say(`${status === 200 ? '✓' : '✗'} ${shape}: ${status ?? 'no answer'}`),
			});
			if (sent.some(({ status }) => status !== 200)) fail();
		});

	program
		.command('replay')
		.description('deliver stored events again; works while the relay runs')
		.option('--subscriber <id>', 'only to this subscriber; can be repeated', collect)
		.option('--id <event id>', 'this event; can be repeated', collect)
		.option('--field <name>', 'only this field; can be repeated', collect)
		.option('--account <id>', 'only this account; can be repeated', collect)
		.option('--since <time>', 'received at or after (ISO 8601)', time)
		.option('--until <time>', 'received before (ISO 8601)', time)
		.addOption(new Option('--state <state>', 'only deliveries in this state').choices(['dead', 'delivered']))
		.option('--search <text>', 'only events that contain this text, ignoring case', filled)
		.option('--dry-run', 'count the deliveries, change nothing')
		.option('--yes', 'do not ask for confirmation')
		.action(async (options: ReplayOptions) => {
			refuseReversed(options);
			const { replayFromCommand } = await import('./store-commands.ts');
			const io = { say, confirm: askInTerminal };
			const { matching, replayed } = await replayFromCommand(readConfig(environment), environment, options, io);
			say(
				options.dryRun === true
					? `${deliveries(matching)} would be replayed.`
					: `${deliveries(replayed)} queued for replay.`,
			);
		});

	program
		.command('pause')
		.description('stop deliveries to a subscriber; works while the relay runs')
		.argument('<subscriber>', 'id of the subscriber')
		.option('--reason <text>', 'shown on the dashboard', 'paused by the operator')
		.action(async (subscriberId: string, { reason }: { reason: string }) => {
			const { withSubscriber } = await import('./store-commands.ts');
			const pause = { reason, now: Date.now() };
			await withSubscriber(readConfig(environment), subscriberId, (store) => store.pause(subscriberId, pause));
			say(`${subscriberId} is paused. Its deliveries wait until you resume it.`);
		});

	program
		.command('resume')
		.description('deliver to a paused subscriber again, even if the relay paused it; works while the relay runs')
		.argument('<subscriber>', 'id of the subscriber')
		.action(async (subscriberId: string) => {
			const { withSubscriber } = await import('./store-commands.ts');
			await withSubscriber(readConfig(environment), subscriberId, (store) => store.resume(subscriberId));
			say(`${subscriberId} is resumed.`);
		});

	program
		.command('drop')
		.description('drop the waiting deliveries of a removed subscriber; works while the relay runs')
		.argument('<subscriber>', 'id of the removed subscriber')
		.action(async (subscriberId: string) => {
			const { releaseFromCommand } = await import('./store-commands.ts');
			const { released } = await releaseFromCommand(readConfig(environment), environment, { subscriberId, to: null });
			say(`Dropped ${deliveries(released)}.`);
		});

	program
		.command('redirect')
		.description('send the waiting deliveries of a removed subscriber to another one')
		.argument('<subscriber>', 'id of the removed subscriber')
		.argument('<other>', 'id of the subscriber that gets them')
		.action(async (subscriberId: string, to: string) => {
			const { releaseFromCommand } = await import('./store-commands.ts');
			const { released, left } = await releaseFromCommand(readConfig(environment), environment, { subscriberId, to });
			say(
				`Sent ${deliveries(released)} to ${to}.${left > 0 ? ` ${deliveries(left)} still wait, because the filter of ${to} excludes them.` : ''}`,
			);
		});

	program
		.command('export')
		.description('write stored events as JSON lines, oldest first')
		.option('--since <time>', 'received at or after (ISO 8601)', time)
		.option('--until <time>', 'received before (ISO 8601)', time)
		.option('--out <file>', 'file to write (default: stdout)')
		.action(async ({ out, ...range }: { out?: string; since?: number; until?: number }) => {
			refuseReversed(range);
			const { counted, exportEvents } = await import('./export-events.ts');
			const { withStore } = await import('./store-commands.ts');
			await withStore(readConfig(environment), async ({ browse }) => {
				const { events } = await browse.totals(Date.now());
				const lines = counted(exportEvents(browse, range), (done) => say(`${done} of at most ${events} events`));
				const target = out === undefined ? data : createWriteStream(out, { mode: 0o600 });
				await pipeline(lines, target, { end: out !== undefined });
			});
		});

	program
		.command('backup')
		.description('copy a SQLite store to one file, even while the relay runs; run it again to replace the copy')
		.argument('<file>', 'path of the copy; replaced only when the new copy is complete')
		.action(async (file: string) => {
			const { backUpStore } = await import('./open-store.ts');
			const { events, bytes } = await backUpStore(readConfig(environment).store, file);
			say(`${file} holds ${events} events in ${Math.ceil(bytes / 1024)} kB and matches the store table by table.`);
		});

	program
		.command('migrate')
		.description('move a SQLite store to PostgreSQL; stop the relay first. If interrupted, it changes nothing')
		.option('--from <store>', 'sqlite:<path> (default: RELAY_STORE if it is SQLite, else sqlite:./data/relay.db)')
		.option('--to <store>', 'postgres://… (default: RELAY_STORE)')
		.action(async (options: MigrateOptions) => {
			const { loadDriver } = await import('./open-store.ts');
			const postgres = await loadDriver('@instagram-insights/relay-postgres');
			if (!(await postgres.migrate(options, environment, say))) fail();
		});

	return program;
}

/** package.json is next to src and dist. */
function ownVersion(): string {
	const { version }: { version: string } = JSON.parse(
		readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
	);
	return version;
}

const deliveries = (count: number) => plural(count, 'delivery', 'deliveries');

/** Report fields that Meta does not send with this login. */
function leftOut({ leftOut: fields }: Subscribed): string {
	return fields.length === 0 ? '' : ` Meta does not send ${fields.join(', ')} with this login, so these were left out.`;
}

function accountNamed({ meta }: Config, name: string | undefined): MetaAccount {
	const account = meta.accounts.find((known) => known.name === name);
	if (account !== undefined) return account;
	const names = meta.accounts.map((known) => known.name).join(', ') || 'none';
	throw new TypeError(`Unknown account "${name ?? ''}". META_ACCOUNTS has: ${names}`);
}

function list(text: string): readonly string[] {
	return text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
	return [...before, filled(text)];
}

/** An empty variable of a script must not become "no filter". */
function filled(text: string): string {
	if (text.trim() === '') throw new InvalidArgumentError('The value is empty.');
	return text;
}

function refuseReversed({ since, until }: { readonly since?: number; readonly until?: number }): void {
	if (since !== undefined && until !== undefined && since >= until)
		throw new TypeError('--until must be later than --since');
}

function time(text: string): number {
	const ms = readTime(text);
	if (ms === null) throw new InvalidArgumentError(TIME_FORMS);
	return ms;
}

/** Ask in a terminal; in a script the answer is yes. */
async function askInTerminal(question: string): Promise<boolean> {
	if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
	const { createInterface } = await import('node:readline/promises');
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close());
	return /^y(es)?$/i.test(answer.trim());
}
