import { describe, expect, test } from 'vitest';
import { z } from 'zod/v4';
import type { AdminStore } from '../../src/admin/admin-store.ts';
import { createMetrics } from '../../src/admin/relay-metrics.ts';
import { systemClock } from '../../src/cli/system-clock.ts';
import { deployText } from './deploy-folder.ts';

const panelSchema = z.object({
	id: z.int(),
	type: z.string(),
	title: z.string().min(1),
	description: z.string().optional(),
	gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
	datasource: z.object({ uid: z.string() }).optional(),
	targets: z
		.array(z.object({ refId: z.string(), expr: z.string().min(1), datasource: z.object({ uid: z.string() }) }))
		.default([]),
});
const dashboardSchema = z.object({
	uid: z.string(),
	panels: z.array(panelSchema),
	templating: z.object({ list: z.array(z.object({ name: z.string(), definition: z.string().optional() })) }),
});

const { panels, templating } = dashboardSchema.parse(JSON.parse(deployText('grafana-dashboard.json')));
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

const METRIC = /\b(?:relay|process|nodejs)_\w+/g;

/** What /metrics may show, as Prometheus names it: a histogram has three names of its own. */
function shownNames(): ReadonlySet<string> {
	const { registry } = createMetrics({
		store: {} as AdminStore,
		clock: systemClock,
		knownSubscribers: () => [],
		secretNames: [],
	});
	const names = registry.getMetricsAsArray().flatMap(({ name, type }) => {
		return String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name];
	});
	return new Set(names);
}

describe('the Grafana dashboard', () => {
	test('queries only metrics that the relay exports', () => {
		const shown = shownNames();
		const definitions = templating.list.flatMap(({ definition }) => definition ?? []);
		for (const text of [...expressions, ...definitions]) {
			const names = text.match(METRIC) ?? [];
			expect(names.length, text).toBeGreaterThan(0);
			expect(
				names.filter((name) => !shown.has(name)),
				text,
			).toEqual([]);
		}
	});

	test('shows every metric of the relay', () => {
		const asked = new Set(expressions.flatMap((expr) => expr.match(METRIC) ?? []));
		const own = [...shownNames()].filter((name) => name.startsWith('relay_') && !/_(sum|count)$/.test(name));
		expect(own.filter((name) => !asked.has(name))).toEqual([]);
	});

	test('queries the chosen data source and replicas', () => {
		expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance', 'subscriber']);
		for (const { targets } of panels) {
			for (const { expr, datasource } of targets) {
				expect(datasource.uid).toMatch(/^\$\{datasource\}$/);
				expect(expr).toContain('instance=~"$instance"');
			}
		}
	});

	test('computes quantiles from buckets', () => {
		const quantiles = expressions.filter((expr) => expr.includes('histogram_quantile'));
		expect(quantiles).toHaveLength(9);
		for (const expr of quantiles) expect(expr).toMatch(/sum by \(le\) \(rate\(\w+_bucket\{/);
	});

	test('has panels with unique ids that do not overlap, each explained', () => {
		expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
		const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
			Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
		);
		expect(new Set(cells).size).toBe(cells.length);
		for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
		for (const { type, description, title } of panels) if (type !== 'row') expect(description, title).toBeTruthy();
	});
});
