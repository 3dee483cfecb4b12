import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const CONFIG = read('apps/webhook-relay/src/cli/config.ts');
const TRACES = read('packages/relay-otlp/src/trace-settings.ts');

/** Every variable the relay reads, the `…_FILE` forms included, as the sources have them. */
export function environmentNames(): ReadonlySet<string> {
	return new Set([...Object.keys(environmentDefaults()), ...Object.keys(traceDefaults()), ...fileForms()]);
}

/** The relay's own variables with their defaults as an operator writes them; null: none. */
export function environmentDefaults(): Readonly<Record<string, string | null>> {
	return defaultsIn(CONFIG);
}

/** The same of OpenTelemetry's standard variables. */
export function traceDefaults(): Readonly<Record<string, string | null>> {
	return defaultsIn(TRACES);
}

/** The rows of the source's first zod object. */
function defaultsIn(source: string): Readonly<Record<string, string | null>> {
	const [, schema = ''] = /z\n\t\.object\(\{\n(.*?)\n\t\}\)/s.exec(source) ?? [];
	const rows = schema.split(/^\t\t(?=[A-Z])/m).flatMap((row): [string, string | null][] => {
		const [, name] = /^((?:RELAY|META|OTEL)_[A-Z0-9_]+):/.exec(row) ?? [];
		const [, given] = /\.default\(([^)]*)\)/.exec(row) ?? [];
		return name === undefined ? [] : [[name, given === undefined ? null : asWritten(given)]];
	});
	return Object.fromEntries(rows);
}

/** `'info'`, `8787`, `10_000`, `7 * DAY_MS`, `false`; an empty list or object is not a default. */
function asWritten(source: string): string | null {
	if (source === '[]' || source === '{}' || source === "''") return null;
	const quoted = /^'(.*)'$/.exec(source);
	return quoted?.[1] ?? source.replace(/ \* DAY_MS$/, '').replaceAll('_', '');
}

function fileForms(): readonly string[] {
	const [, list = ''] = /const FROM_FILE = \[(.*?)\]/s.exec(CONFIG) ?? [];
	const ofTraces = TRACES.match(/\bOTEL_\w+_FILE\b/g) ?? [];
	return [...[...list.matchAll(/'(\w+)'/g)].map(([, name]) => `${name}_FILE`), ...new Set(ofTraces)];
}
