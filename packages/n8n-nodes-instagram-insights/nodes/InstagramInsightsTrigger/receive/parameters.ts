import { ALL_FIELDS, type EventFilter, MESSAGE_FIELDS, MESSAGE_GROUP, OTHER_FIELDS } from '../fields/matchesFilter';

/** How events come: straight from Meta, or through the webhook relay. */
export type Mode = 'direct' | 'relay';

/** What the panel says about receiving. */
export type ReceiveParameters = {
	readonly mode: Mode;
	readonly filter: EventFilter;
	readonly simplify: boolean;
	readonly dropDuplicates: boolean;
	readonly toleranceSeconds: number;
};

/** Both webhook contexts of n8n have this. */
export type ParameterContext = { getNodeParameter(name: string, fallback?: unknown): unknown };

const DEFAULT_TOLERANCE_SECONDS = 300;

export function readReceiveParameters(context: ParameterContext): ReceiveParameters {
	const options = context.getNodeParameter('options', {}) as Readonly<Record<string, unknown>>;
	return {
		mode: readMode(context),
		filter: { fields: readFields(context), accounts: readList(options.accountIds) },
		simplify: context.getNodeParameter('simplify', true) !== false,
		dropDuplicates: options.dropDuplicates !== false,
		toleranceSeconds: readTolerance(options.toleranceSeconds),
	};
}

export function readMode(context: ParameterContext): Mode {
	return context.getNodeParameter('mode', 'direct') === 'relay' ? 'relay' : 'direct';
}

/** The chosen fields; nothing chosen means all, as an empty list would only ever stay silent. */
export function readFields(context: ParameterContext): string[] {
	const chosen = readList(context.getNodeParameter('fields', [ALL_FIELDS])).flatMap((choice) => {
		if (choice === MESSAGE_GROUP) return [...MESSAGE_FIELDS];
		return choice === OTHER_FIELDS ? readList(context.getNodeParameter('otherFields', [])) : [choice];
	});
	const fields = [...new Set(chosen)];
	return fields.length === 0 ? [ALL_FIELDS] : fields;
}

/** A list as an array, or as text with commas, spaces or line breaks. */
function readList(value: unknown): string[] {
	const parts = Array.isArray(value) ? value : String(value ?? '').split(/[,\s]+/);
	return [...new Set(parts.map((part) => String(part).trim()).filter((part) => part !== ''))];
}

function readTolerance(value: unknown): number {
	const seconds = value === undefined || value === '' ? DEFAULT_TOLERANCE_SECONDS : Number(value);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_TOLERANCE_SECONDS;
}
