import { absentReasonOf } from '../insight/absent-reason.ts';
import type { AbsentReason, Insight } from '../insight/insight.ts';
import type { InsightsError } from '../insights-error.ts';

/** Why metrics have no number, with Meta's or our words. */
export type Absence = { readonly reason: AbsentReason; readonly message?: string };

/** What a metric lacks beyond the days that Meta keeps of it. */
export const OUTSIDE_RETENTION: Absence = {
	reason: 'outside-retention',
	message: 'Meta keeps this metric for a shorter time than the range reaches back.',
};

/** The absence a refusal stands for. */
export function absenceOf(error: InsightsError): Absence {
	return { reason: absentReasonOf(error), message: error.message };
}

export function absent(metric: string, { reason, message }: Absence): Insight {
	return { shape: 'absent', metric, reason, ...(message === undefined ? {} : { message }) };
}
