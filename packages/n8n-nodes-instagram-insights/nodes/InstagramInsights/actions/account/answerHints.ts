import { type AccountAnswer, addDays, pacificDay } from '@instagram-insights/core';
import { reasonHints } from '../../output/reasonHints';
import type { Item } from '../item';

/** What people should know about the answer to a question about an account. */
export function answerHints(item: Item, { insights, until }: Pick<AccountAnswer, 'insights' | 'until'>): void {
	for (const id of reasonHints(insights)) item.hint(id);
	if (until !== undefined && until >= addDays(pacificDay(item.now), -2)) item.hint('data-lag');
}
