import type { AccountOptions } from './account.ts';

/** The accounts of the default world; `bakery` is the friendly one that the playground shows. */
export const KNOWN_ACCOUNTS: readonly AccountOptions[] = [
	{
		key: 'bakery',
		username: 'casa.canela.bakery',
		name: 'Casa Canela',
		biography: 'Sourdough, cinnamon rolls and good coffee. Lisbon, Tuesday to Sunday.',
		website: 'https://casa-canela.example/',
		followers: 4_812,
		follows: 397,
		viewsPerDay: 2_900,
		countries: ['PT', 'BR', 'ES', 'GB', 'FR', 'DE', 'US', 'IT', 'NL', 'CH', 'AO', 'CV', 'IE', 'BE'],
		cities: [
			'Lisbon, Lisbon District',
			'Almada, Setúbal District',
			'Porto, Porto District',
			'Cascais, Lisbon District',
			'Sintra, Lisbon District',
			'São Paulo, São Paulo (state)',
			'Madrid, Community of Madrid',
			'London, England',
		],
		posts: {
			count: 180,
			everyHours: 40,
			captions: [
				'First cinnamon rolls out of the oven',
				'Three-day sourdough, one happy kitchen',
				'Saturday table: almond croissants are back',
				'How we fold the dough',
				'Thank you for five years, Lisbon',
				'New: orange and cardamom buns',
				'The quiet hour before we open',
				'Your Sunday order, ready at nine',
			],
			stories: [
				{ ageHours: 2, viewers: 'many' },
				{ ageHours: 9, viewers: 'few' },
				{ ageHours: 23.6, viewers: 'many' },
			],
		},
	},
	{
		key: 'large',
		username: 'northwind.trails',
		name: 'Northwind Trails',
		biography: 'Maps, boots and weather. Field notes from the long paths.',
		website: 'https://northwind-trails.example/',
		followers: 412_350,
		follows: 612,
		viewsPerDay: 265_000,
		processingHours: 30,
		countries: manyCountries(),
		cities: manyCities(),
		posts: {
			count: 2_400,
			everyHours: 12.8,
			beforeConversionShare: 0.05,
			adShare: 0.01,
			captions: [
				'Ridge at dawn',
				'Packing list, winter',
				'Route notes',
				'Boots after 900 km',
				'Reader photo of the week',
			],
			stories: Array.from({ length: 12 }, (_, index) => ({
				ageHours: index === 11 ? 23.7 : 1 + index * 1.9,
				viewers: index === 5 ? ('few' as const) : ('many' as const),
			})),
		},
	},
	{
		key: 'tiny',
		username: 'pots.by.ines',
		name: 'Pots by Inês',
		accountType: 'MEDIA_CREATOR',
		followers: 64,
		follows: 120,
		viewsPerDay: 22,
		countries: ['PT', 'ES'],
		cities: ['Évora, Évora District'],
		posts: { count: 6, everyHours: 120, stories: [{ ageHours: 5, viewers: 'few' }] },
	},
	{
		key: 'brand-new',
		username: 'just.opened.today',
		name: 'Just Opened',
		followers: 0,
		follows: 3,
		viewsPerDay: 0,
		countries: [],
		cities: [],
		posts: { count: 0, everyHours: 24 },
	},
];

function manyCountries(): string[] {
	return (
		'US GB DE CA FR NO SE CH AT IT ES NZ AU NL BE DK FI IE PL CZ PT JP KR BR MX AR CL PE CO ZA IN NP TR GR HR SI SK HU RO ' +
		'BG EE LV LT IS IL AE SG TH PH ID MY VN'
	).split(' ');
}

/** More cities than the 45 rows Meta answers. */
function manyCities(): string[] {
	return Array.from({ length: 60 }, (_, index) => `Trail Town ${index + 1}, Region ${(index % 9) + 1}`);
}
