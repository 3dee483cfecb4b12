// biome-ignore format: a table reads by columns
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Milliseconds of a duration as people write it: `500ms`, `30s`, `5m`, `2h`, `1.5d`.
 *
 * @returns null for any other text
 */
export function parseDuration(text: string): number | null {
	const [, amount, unit] = FORM.exec(text) ?? [];
	if (amount === undefined || unit === undefined) return null;
	return Math.round(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
}
