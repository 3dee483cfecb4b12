import { z } from 'zod/v4';

/** Percentages of a limit that are used. From 100 on, the next call is refused. */
export type UsageShares = {
	readonly callCount: number;
	readonly totalTime: number;
	readonly totalCpuTime: number;
};

/** One limit of one account or Page. */
export type BusinessUsage = UsageShares & {
	/** Account, Page or business id; which one graph.instagram.com sends is not known. */
	readonly id: string;
	/** `instagram` for our calls; empty if not sent, which counts as ours. */
	readonly type: string;
	/** Minutes until calls are allowed again; 0 while they are. */
	readonly regainMinutes: number;
};

/** What Meta's usage headers say: percent of the call limits, 0 to 100 and above. */
export type Usage = {
	/** `X-App-Usage`; null when not sent. Meta sends headers only once enough calls were made. */
	readonly app: UsageShares | null;
	/** `X-Business-Use-Case-Usage`. */
	readonly business: readonly BusinessUsage[];
	/** Highest percentage of the app's limit; 0 when nothing was sent. */
	readonly appPercent: number;
	/** Highest percentage of the limits for Instagram, which Meta counts for each account; 0 when nothing was sent. */
	readonly accountPercent: number;
	/** Longest wait Meta names for Instagram, in milliseconds, at most {@link LONGEST_WAIT_MS}; 0 when none. */
	readonly regainMs: number;
};

/** Meta's limits roll over a day at most: a longer wait in a header is a mistake, and may pass the last date there is. */
export const LONGEST_WAIT_MS = 30 * 86_400_000;

const number = z.coerce.number().catch(0);
const Shares = z.object({ call_count: number, total_time: number, total_cputime: number });
const Business = Shares.extend({ type: z.string().catch(''), estimated_time_to_regain_access: number });
const BusinessMap = z.record(z.string(), z.array(Business));

/**
 * How much of the limits is used (S26). Missing and malformed headers are ignored, so that they never cost an answer.
 *
 * @param headers names in lower case
 */
export function readUsage(headers: Readonly<Record<string, string>>): Usage {
	const app = readHeader(headers['x-app-usage'], Shares);
	const map = readHeader(headers['x-business-use-case-usage'], BusinessMap) ?? {};
	const business = Object.entries(map).flatMap(([id, limits]) =>
		limits.map((limit) => ({
			id,
			type: limit.type,
			...shares(limit),
			regainMinutes: Math.max(0, limit.estimated_time_to_regain_access),
		})),
	);
	// Limits of other products (ads_insights, pages) stop other calls, not ours.
	const ours = business.filter(({ type }) => type === 'instagram' || type === '');
	return {
		app: app ? shares(app) : null,
		business,
		appPercent: highest(app ? [shares(app)] : []),
		accountPercent: highest(ours),
		regainMs: Math.min(LONGEST_WAIT_MS, Math.max(0, ...ours.map((one) => one.regainMinutes)) * 60_000),
	};
}

function highest(all: readonly UsageShares[]): number {
	return Math.max(0, ...all.flatMap((one) => [one.callCount, one.totalTime, one.totalCpuTime]));
}

function shares(read: z.infer<typeof Shares>): UsageShares {
	return { callCount: read.call_count, totalTime: read.total_time, totalCpuTime: read.total_cputime };
}

function readHeader<T>(text: string | undefined, schema: z.ZodType<T>): T | null {
	if (text === undefined) return null;
	try {
		const read = schema.safeParse(JSON.parse(text));
		return read.success ? read.data : null;
	} catch {
		return null;
	}
}
