import { isInsightsError } from '@instagram-insights/core';

/** Meta's refusal of a field name lists the ones it takes: `Param fields[3] must be one of {COMMENTS, …} - got "x".` */
const REFUSAL = /fields\[\d+\] must be one of \{([^}]*)\}/i;

/**
 * Subscribe to fields; when Meta does not know one of them, to those of them that it does know.
 *
 * Meant for the choice of all fields, where nobody named the refused one.
 *
 * @param send subscribes to these fields or throws
 * @returns the fields that were subscribed to
 */
export async function sendAcceptedFields(
	fields: readonly string[],
	send: (fields: readonly string[]) => Promise<void>,
): Promise<readonly string[]> {
	const accepted = await send(fields).then(
		() => fields,
		(error: unknown) => narrow(fields, error),
	);
	if (accepted !== fields) await send(accepted);
	return accepted;
}

function narrow(fields: readonly string[], error: unknown): readonly string[] {
	const said = isInsightsError(error) ? (error.graph?.message ?? '') : '';
	const names = REFUSAL.exec(said)?.[1]
		?.split(',')
		.map((name) => name.trim().toLowerCase());
	const known = fields.filter((field) => names?.includes(field));
	if (known.length === 0 || known.length === fields.length) throw error;
	return known;
}
