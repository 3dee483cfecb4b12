/** The languages a report can be written in. */
export const REPORT_LANGUAGES = ['en', 'de', 'es', 'pt', 'fr'] as const;
type Language = (typeof REPORT_LANGUAGES)[number];

/** Headings and labels, one row per text, in the order of {@link REPORT_LANGUAGES}. */
// biome-ignore format: a table reads by columns
const WORDS = {
	report:             ['Instagram report',        'Instagram-Bericht',            'Informe de Instagram',         'Relatório do Instagram',          'Rapport Instagram'],
	headline:           ['Headline numbers',        'Die wichtigsten Zahlen',       'Cifras principales',           'Números principais',              'Chiffres clés'],
	comparedWith:       ['compared with',           'im Vergleich zu',              'en comparación con',           'em comparação com',               'comparé à'],
	metric:             ['Metric',                  'Kennzahl',                     'Métrica',                      'Métrica',                         'Indicateur'],
	thisPeriod:         ['This period',             'Zeitraum',                     'Este periodo',                 'Este período',                    'Cette période'],
	before:             ['Before',                  'Davor',                        'Antes',                        'Antes',                           'Avant'],
	change:             ['Change',                  'Änderung',                     'Cambio',                       'Variação',                        'Évolution'],
	followers:          ['Followers',               'Follower',                     'Seguidores',                   'Seguidores',                      'Abonnés'],
	gained:             ['Gained',                  'Gewonnen',                     'Ganados',                      'Ganhos',                          'Gagnés'],
	lost:               ['Lost',                    'Verloren',                     'Perdidos',                     'Perdidos',                        'Perdus'],
	net:                ['Net',                     'Netto',                        'Neto',                         'Saldo',                           'Solde'],
	growth:             ['Growth',                  'Wachstum',                     'Crecimiento',                  'Crescimento',                     'Croissance'],
	byDay:              ['by day',                  'pro Tag',                      'por día',                      'por dia',                         'par jour'],
	highest:            ['Highest',                 'Höchster Wert',                'Máximo',                       'Máximo',                          'Maximum'],
	topPosts:           ['Top posts',               'Beste Beiträge',               'Mejores publicaciones',        'Melhores publicações',            'Meilleures publications'],
	weakestPosts:       ['Weakest posts',           'Schwächste Beiträge',          'Publicaciones más débiles',    'Publicações mais fracas',         'Publications les plus faibles'],
	timesUsual:         ['× the usual',             '× des Üblichen',               '× lo habitual',                '× o habitual',                    '× l’habitude'],
	noCaption:          ['No caption',              'Ohne Text',                    'Sin texto',                    'Sem legenda',                     'Sans légende'],
	formats:            ['Formats compared',        'Formate im Vergleich',         'Formatos comparados',          'Formatos comparados',             'Formats comparés'],
	format:             ['Format',                  'Format',                       'Formato',                      'Formato',                         'Format'],
	posts:              ['Posts',                   'Beiträge',                     'Publicaciones',                'Publicações',                     'Publications'],
	median:             ['Median',                  'Median',                       'Mediana',                      'Mediana',                         'Médiane'],
	bestTimes:          ['Best hours to post',      'Beste Zeiten',                 'Mejores horas para publicar',  'Melhores horários para publicar', 'Meilleures heures de publication'],
	when:               ['When',                    'Wann',                         'Cuándo',                       'Quando',                          'Quand'],
	followersOnline:    ['Followers online',        'Follower online',              'Seguidores en línea',          'Seguidores on-line',              'Abonnés en ligne'],
	audience:           ['Audience',                'Publikum',                     'Audiencia',                    'Público',                         'Audience'],
	stories:            ['Stories',                 'Storys',                       'Historias',                    'Stories',                         'Stories'],
	published:          ['Published',               'Veröffentlicht',               'Publicado',                    'Publicado',                       'Publié'],
	notes:              ['Good to know',            'Gut zu wissen',                'Conviene saber',               'Bom saber',                       'Bon à savoir'],
	notAvailable:       ['not available',           'nicht verfügbar',              'no disponible',                'não disponível',                  'non disponible'],
	noNumbers:          ['Instagram gave no numbers for this period.', 'Instagram hat für diesen Zeitraum keine Zahlen geliefert.', 'Instagram no dio cifras para este periodo.', 'O Instagram não forneceu números para este período.', 'Instagram n’a fourni aucun chiffre pour cette période.'],
	photo:              ['Photo',                   'Foto',                         'Foto',                         'Foto',                            'Photo'],
	video:              ['Video',                   'Video',                        'Vídeo',                        'Vídeo',                           'Vidéo'],
	carousel:           ['Carousel',                'Karussell',                    'Carrusel',                     'Carrossel',                       'Carrousel'],
	reel:               ['Reel',                    'Reel',                         'Reel',                         'Reel',                            'Reel'],
	story:              ['Story',                   'Story',                        'Historia',                     'Story',                           'Story'],
	age:                ['Age',                     'Alter',                        'Edad',                         'Idade',                           'Âge'],
	gender:             ['Gender',                  'Geschlecht',                   'Género',                       'Gênero',                          'Genre'],
	women:              ['Women',                   'Frauen',                       'Mujeres',                      'Mulheres',                        'Femmes'],
	men:                ['Men',                     'Männer',                       'Hombres',                      'Homens',                          'Hommes'],
	unknownGender:      ['Not stated',              'Keine Angabe',                 'Sin indicar',                  'Não informado',                   'Non précisé'],
	country:            ['Country',                 'Land',                         'País',                         'País',                            'Pays'],
	city:               ['City',                    'Stadt',                        'Ciudad',                       'Cidade',                          'Ville'],
	notAdditive:        ['People are counted once. Over a range this long Instagram counts them in parts that cannot be added up, so their number is left empty.', 'Personen zählen einmal. Über so lange Zeiträume zählt Instagram sie in Teilen, die sich nicht addieren lassen; ihre Zahl bleibt deshalb leer.', 'Cada persona cuenta una vez. En periodos tan largos Instagram las cuenta por partes que no se pueden sumar, así que la cifra queda vacía.', 'Cada pessoa conta uma vez. Em períodos tão longos o Instagram as conta em partes que não podem ser somadas, por isso o número fica vazio.', 'Chaque personne compte une fois. Sur une période aussi longue, Instagram les compte par parties qui ne s’additionnent pas : le chiffre reste vide.'],
	retention:          ['Instagram keeps some numbers for a limited time only. Older ones are left empty.', 'Instagram bewahrt manche Zahlen nur begrenzte Zeit auf. Ältere bleiben leer.', 'Instagram guarda algunas cifras por tiempo limitado. Las anteriores quedan vacías.', 'O Instagram guarda alguns números por tempo limitado. Os mais antigos ficam vazios.', 'Instagram ne conserve certains chiffres qu’un temps limité. Les plus anciens restent vides.'],
	privacy:            ['Instagram hides numbers about very few people.', 'Instagram verbirgt Zahlen über sehr wenige Personen.', 'Instagram oculta cifras sobre muy pocas personas.', 'O Instagram oculta números sobre pouquíssimas pessoas.', 'Instagram masque les chiffres qui concernent très peu de personnes.'],
	conversion:         ['Posts from before the account became a professional one have no numbers.', 'Beiträge aus der Zeit vor der Umstellung auf ein professionelles Konto haben keine Zahlen.', 'Las publicaciones anteriores al paso a cuenta profesional no tienen cifras.', 'Publicações anteriores à mudança para conta profissional não têm números.', 'Les publications antérieures au passage en compte professionnel n’ont pas de chiffres.'],
	lag:                ['The last two days may still grow.', 'Die letzten zwei Tage können noch wachsen.', 'Los dos últimos días aún pueden crecer.', 'Os dois últimos dias ainda podem crescer.', 'Les deux derniers jours peuvent encore augmenter.'],
	refused:            ['Instagram refused some of the numbers', 'Instagram hat einige Zahlen verweigert', 'Instagram denegó algunas cifras', 'O Instagram recusou alguns números', 'Instagram a refusé certains chiffres'],
	reach:              ['Reach',                   'Reichweite',                   'Alcance',                      'Alcance',                         'Couverture'],
	views:              ['Views',                   'Aufrufe',                      'Visualizaciones',              'Visualizações',                   'Vues'],
	total_interactions: ['All interactions',        'Alle Interaktionen',           'Todas las interacciones',      'Todas as interações',             'Toutes les interactions'],
	accounts_engaged:   ['Accounts engaged',        'Konten mit Interaktion',       'Cuentas con interacción',      'Contas com engajamento',          'Comptes engagés'],
	likes:              ['Likes',                   'Gefällt-mir-Angaben',          'Me gusta',                     'Curtidas',                        'J’aime'],
	comments:           ['Comments',                'Kommentare',                   'Comentarios',                  'Comentários',                     'Commentaires'],
	saves:              ['Saves',                   'Gespeichert',                  'Guardados',                    'Salvamentos',                     'Enregistrements'],
	saved:              ['Saves',                   'Gespeichert',                  'Guardados',                    'Salvamentos',                     'Enregistrements'],
	shares:             ['Shares',                  'Geteilt',                      'Compartidos',                  'Compartilhamentos',               'Partages'],
	replies:            ['Replies',                 'Antworten',                    'Respuestas',                   'Respostas',                       'Réponses'],
	reposts:            ['Reposts',                 'Reposts',                      'Reposts',                      'Reposts',                         'Republications'],
	profile_links_taps: ['Taps on profile links',   'Klicks auf Profil-Links',      'Toques en enlaces del perfil', 'Toques em links do perfil',       'Clics sur les liens du profil'],
	profile_views:      ['Profile visits',          'Profilbesuche',                'Visitas al perfil',            'Visitas ao perfil',               'Visites du profil'],
	website_clicks:     ['Website clicks',          'Website-Klicks',               'Clics en el sitio web',        'Cliques no site',                 'Clics sur le site'],
	new_followers:      ['New followers',           'Neue Follower',                'Nuevos seguidores',            'Novos seguidores',                'Nouveaux abonnés'],
	engagement_rate:    ['Engagement rate',         'Engagement-Rate',              'Tasa de interacción',          'Taxa de engajamento',             'Taux d’engagement'],
	completion_rate:    ['Completion rate',         'Abschlussrate',                'Tasa de finalización',         'Taxa de conclusão',               'Taux de complétion'],
	exit_rate:          ['Exit rate',               'Ausstiegsrate',                'Tasa de salida',               'Taxa de saída',                   'Taux de sortie'],
} as const satisfies Record<string, readonly [string, string, string, string, string]>;

export type ReportWord = keyof typeof WORDS;

/** Counted things: one and many, in the order of {@link REPORT_LANGUAGES}. `#` is the number. */
// biome-ignore format: a table reads by columns
const COUNTED = {
	posts:   { none: ['No posts in this period', 'Keine Beiträge in diesem Zeitraum', 'Sin publicaciones en este periodo', 'Nenhuma publicação neste período', 'Aucune publication sur cette période'],
	           one:  ['# post', '# Beitrag', '# publicación', '# publicação', '# publication'],
	           many: ['# posts', '# Beiträge', '# publicaciones', '# publicações', '# publications'] },
	stories: { none: ['No live stories', 'Keine aktiven Storys', 'Sin historias activas', 'Nenhum story ativo', 'Aucune story en ligne'],
	           one:  ['# live story', '# aktive Story', '# historia activa', '# story ativo', '# story en ligne'],
	           many: ['# live stories', '# aktive Storys', '# historias activas', '# stories ativos', '# stories en ligne'] },
} as const;

/** The words of one language, and its format of numbers and days. */
export type ReportLanguage = {
	readonly locale: string;
	word(id: ReportWord): string;
	/** A metric, format or dimension by its column's name; the name itself, readable, where the table has no word for it. */
	label(name: string): string;
	count(thing: keyof typeof COUNTED, count: number): string;
	/** A count; above 100 without decimals. */
	number(value: number): string;
	/** How many times, to two digits: `5.9`, `0.04`. */
	times(value: number): string;
	/** A bucket of the audience as people read it: a country by its name. */
	bucket(dimension: string, name: string): string;
	/** A fraction of 1 as a percentage. */
	percent(fraction: number): string;
	/** A change in percent, with its sign. */
	change(percent: number): string;
	signed(value: number): string;
	day(day: string): string;
	days(since: string, until: string): string;
	/** An instant in a zone, such as `3 Nov, 18:05`; a text that is not an instant as it is. */
	moment(instant: string, timeZone: string): string;
	/** A weekday (1 Monday to 7 Sunday) and an hour, such as `Tuesday 18:00`. */
	hourOfWeek(weekday: number, hour: number): string;
};

/** @param locale BCP 47; English words where the language has no column in the table, numbers and dates as the tag says */
export function reportLanguage(locale: string): ReportLanguage {
	const tag = Intl.DateTimeFormat.supportedLocalesOf(wellFormed(locale))[0] ?? 'en-US';
	const found = REPORT_LANGUAGES.indexOf(tag.slice(0, 2).toLowerCase() as Language);
	const column = Math.max(0, found);
	// Words and numbers in one language: a tag the table does not know gets English dates too.
	const shown = found < 0 ? 'en-US' : tag;
	const plural = new Intl.PluralRules(shown);
	const number = new Intl.NumberFormat(shown, { maximumFractionDigits: 1 });
	const whole = new Intl.NumberFormat(shown, { maximumFractionDigits: 0 });
	const times = new Intl.NumberFormat(shown, { maximumSignificantDigits: 2 });
	const countries = new Intl.DisplayNames(shown, { type: 'region' });
	const signed = new Intl.NumberFormat(shown, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
	const percent = new Intl.NumberFormat(shown, { style: 'percent', maximumFractionDigits: 2 });
	const change = new Intl.NumberFormat(shown, {
		style: 'percent',
		maximumFractionDigits: 1,
		signDisplay: 'exceptZero',
	});
	const days = new Intl.DateTimeFormat(shown, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
	const shortDay = new Intl.DateTimeFormat(shown, { day: 'numeric', month: 'short', timeZone: 'UTC' });
	const hourOfWeek = new Intl.DateTimeFormat(shown, {
		weekday: 'long',
		hour: '2-digit',
		minute: '2-digit',
		timeZone: 'UTC',
	});
	const text = (row: readonly string[]) => row[column] ?? '';
	const at = (day: string) => new Date(`${day}T00:00:00Z`);
	const written = (format: Intl.DateTimeFormat, instant: Date, text: string) =>
		Number.isNaN(instant.getTime()) ? text : format.format(instant);
	return {
		locale: shown,
		word: (id) => text(WORDS[id]),
		label(name) {
			const known = Object.hasOwn(WORDS, name.toLowerCase()) ? WORDS[name.toLowerCase() as ReportWord] : null;
			return known ? text(known) : name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
		},
		count(thing, count) {
			const { none, one, many } = COUNTED[thing];
			if (count === 0) return text(none);
			return text(plural.select(count) === 'one' ? one : many).replace('#', number.format(count));
		},
		number: (value) => (Math.abs(value) < 100 ? number : whole).format(value),
		times: (value) => times.format(value),
		bucket(dimension, name) {
			if (dimension === 'country' && /^[A-Z]{2}$/.test(name)) return countries.of(name) ?? name;
			if (dimension !== 'gender') return name;
			const genders: Readonly<Record<string, ReportWord>> = { F: 'women', M: 'men', U: 'unknownGender' };
			const word = genders[name];
			return word === undefined ? name : text(WORDS[word]);
		},
		percent: (fraction) => percent.format(fraction),
		change: (inPercent) => change.format(inPercent / 100),
		signed: (value) => signed.format(value),
		day: (day) => written(shortDay, at(day), day),
		days: (since, until) => days.formatRange(at(since), at(until)),
		moment: (instant, timeZone) =>
			written(
				new Intl.DateTimeFormat(shown, {
					day: 'numeric',
					month: 'short',
					hour: '2-digit',
					minute: '2-digit',
					timeZone,
				}),
				new Date(instant),
				instant,
			),
		// 5 January 2026 is a Monday.
		hourOfWeek: (weekday, hour) => hourOfWeek.format(new Date(Date.UTC(2026, 0, 4 + weekday, hour))),
	};
}

function wellFormed(locale: string): string {
	try {
		return Intl.getCanonicalLocales(locale)[0] ?? 'en-US';
	} catch {
		return 'en-US';
	}
}
