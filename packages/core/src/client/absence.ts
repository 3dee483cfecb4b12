import { refusalInWords } from '../graph/error-answer.ts';
import type { AbsentReason, Insight } from '../insight/insight.ts';
import { absentReasonOf } from '../insight/insight.ts';
import type { InsightsError } from '../insights-error.ts';
import type { LeftOut } from '../query/plan-requests.ts';

/** Why metrics have no number, with Meta's or our words. */
export type Absence = { readonly reason: AbsentReason; readonly message?: string };

/** Why days that a plan leaves out have no number. */
export function absenceOfLeftOut(leftOut: LeftOut): Absence {
	const { reason, since } = leftOut;
	switch (reason) {
		case 'outside-retention':
			return { reason, message: `Meta keeps this metric from ${leftOut.oldest} on: the range begins before.` };
		case 'today-not-counted':
			return { reason: 'no-data', message: 'This metric does not count today.' };
		case 'not-begun':
			return {
				reason,
				message: `${since} has not begun in California, where Instagram's days begin and end.`,
			};
		default:
			return reason satisfies never;
	}
}

/** The absence a refusal stands for, with Meta's words, code and trace id. */
export function absenceOf(error: InsightsError): Absence {
	return { reason: absentReasonOf(error), message: refusalInWords(error) };
}

export function absent(metric: string, { reason, message }: Absence): Insight {
	return { shape: 'absent', metric, reason, ...(message === undefined ? {} : { message }) };
}
