/** Words that the rules look for, in every language side by side: how people attribute, qualify, and speak of time. */
const any = (...lists: string[]) => lists.join('|')

export const attributed = new RegExp(`\\b(?:according to|reported by|recorded by|documented by|citing|said|says|told|figures (?:from|of|by)|data (?:from|of)|estimates?(?:d)? by|según|de acuerdo con|dijo|afirmó|selon|d[’']après|a déclaré|a dit)\\b|${any('وفق(?:ًا|اً|ا)? ?ل', 'بحسب', 'حسب', 'قال', 'قالت', 'ذكرت?', 'לפי', 'על פי', 'אמר', 'אמרה', 'מסר')}`, 'iu')

export const qualifier = any('more than', 'over', 'at least', 'almost', 'nearly', 'around', 'about', 'approximately', 'some', 'up to', 'fewer than', 'less than', 'under', 'más de', 'al menos', 'casi', 'unos', 'unas', 'cerca de', 'plus de', 'au moins', 'près de', 'environ', 'presque', 'أكثر من', 'ما لا يقل عن', 'نحو', 'حوالي', 'قرابة', 'יותר מ', 'מעל', 'לפחות', 'כמעט', 'כ־')

/** Whom or what figures of harm count. */
export const counted = any('people', 'persons?', 'civilians?', 'children', 'women', 'men', 'families', 'prisoners?', 'detainees?', 'hostages?', 'bodies', 'homes?', 'houses?', 'residents?', 'refugees?', 'journalists?', 'students?', 'protesters?', 'members?', 'villages?', 'villagers?', 'fishers?', 'workers?', 'patients?', 'cases?',
  'personas?', 'civiles', 'niñ[oa]s', 'mujeres', 'familias', 'pres[oa]s', 'detenid[oa]s', 'viviendas', 'personnes?', 'civils?', 'enfants?', 'femmes?', 'familles?', 'prisonni(?:ers?|ères?)', 'détenus?', 'maisons?', 'شخص(?:ًا|ا)?', 'أشخاص', 'مدني(?:ًا|ا|ين)?', 'طفل(?:ًا|ا)?', 'أطفال', 'امرأة', 'عائلة', 'أسرة', 'سجين(?:ًا|ا)?', 'معتقل(?:ًا|ا|ين)?', 'منزل(?:ًا|ا)?', 'אנשים', 'אזרחים', 'ילדים', 'נשים', 'משפחות', 'אסירים', 'עצורים', 'בתים')

/** What is said to happen to them: a number before one of these counts somebody. */
export const harmed = any('killed', 'injured', 'wounded', 'died', 'detained', 'arrested', 'displaced', 'evicted', 'missing', 'taken hostage', 'demolished', 'held', 'imprisoned', 'trapped', 'muert[oa]s', 'herid[oa]s', 'asesinad[oa]s', 'desplazad[oa]s', 'tué(?:e?s)?', 'blessé(?:e?s)?', 'déplacé(?:e?s)?', 'arrêté(?:e?s)?', 'قُ?تل(?:وا)?', 'أصيب(?:وا)?', 'جريح(?:ًا|ا)?', 'נהרגו', 'נפצעו', 'נעצרו')

export const relative = any('new', 'newly', 'recent(?:ly)?', 'today', 'yesterday', 'tomorrow', 'now', 'currently', 'this (?:week|month|year|morning)', '(?:last|next) (?:week|month|year|night)', '(?:the )?(?:past|last) (?:few|several|two|three|four|five|six|seven|eight|nine|ten|\\d+)(?: and a half)? (?:days|weeks|months|years|decades)', 'a few (?:days|weeks|months) ago', 'hoy', 'ayer', 'mañana', 'recientemente', 'esta semana', 'este (?:mes|año)', 'nuev[oa]s?', 'aujourd[’\']hui', 'hier', 'demain', 'récemment', 'cette (?:semaine|année)', 'ce mois(?:-ci)?', 'nouveaux?', 'nouvelles?', 'اليوم', 'أمس', 'غد(?:ًا|ا)', 'مؤخر(?:ًا|ا)', 'حديث(?:ًا|ا)', 'هذا (?:الأسبوع|الشهر|العام)', 'هذه السنة', 'היום', 'אתמול', 'מחר', 'לאחרונה', 'השבוע', 'החודש', 'השנה')

export const nextStep = new RegExp(any('next (?:court )?(?:hearing|session|trial)', 'hearing', '(?:will|is (?:due|set|scheduled|expected) to) (?:be|appear|face|hold|take place|begin|start|meet|vote|decide)', '(?:deadline|closes|open until|ends) ', 'próxima (?:audiencia|vista)', 'tendrá lugar', 'se celebrará', 'prochaine audience', 'aura lieu', 'comparaîtra', 'الجلسة القادمة', 'الجلسة المقبلة', 'ست?عقد', 'הדיון הבא', 'יתקיים', 'תתקיים'), 'iu')

export const notice = new RegExp(any('(?:content|trigger) (?:warning|notice|note)', '(?:disturbing|distressing|graphic|traumatic|upsetting) (?:images?|content|scenes?|details?|material|descriptions?)', 'reader discretion', 'secondary trauma', 'advertencia(?: de| sobre el)? contenido', 'contenido sensible', 'imágenes (?:perturbadoras|explícitas)', 'avertissement', 'contenu sensible', 'images (?:choquantes|difficiles)', 'تحذير', 'محتوى (?:حساس|مؤلم|صادم)', 'אזהרת תוכן', 'תכנים קשים'), 'iu')

export const credit = /(?i:(?:^|\s)(?:photo(?:graph)?s?(?: by|:)|image(?: by|:)|credit:?|picture(?: by|:)|©|foto(?:grafía)?(?: de|:)|photo(?:graphie)?(?: de|:)|تصوير|صورة:|צילום)\s*)|\bvia\s+\p{Lu}[\p{L} ]+(?i:images|pictures|photos)|\/\s?\p{Lu}{2,6}(?=\s*(?:$|via\s|[).]))/u

export const related = /^(?:background(?: information)?|related(?: content| links| items| stories)?|see also|further reading|notes? (?:to|for) editors|more information|read (?:also|next)|about us|información (?:de contexto|adicional)|contexto|véase también|notas? para editores|contexte|complément d[’']information|voir aussi|notes? aux (?:rédactions|journalistes)|معلومات (?:أساسية|إضافية)|خلفية|اقرأ أيض(?:ًا|ا)|ملاحظات للمحررين|רקע|מידע נוסף|ראו גם|הערות לעורכים)\s*:?\s*$/iu

/** The words before a list of demands. */
export const calling = /\b(?:call(?:s|ing|ed)?|urg(?:e|es|ing|ed)|demand(?:s|ing|ed)?|want(?:s)? to see|must|ask(?:s|ing|ed)?|pide|exige|insta|llama(?:mos)?|demand(?:e|ons|ent)|appell(?:e|ons|ent)|exhort(?:e|ons))\b|ندعو|تدعو|نطالب|تطالب|يجب على|קורא(?:ת|ים)?|דורש(?:ת|ים)?/iu

export const roles = any('prime minister', 'president', 'minister(?: of [\\p{L} ]{3,20}?)?', 'secretary(?: general)?', 'director(?: general)?', 'judge', 'general', 'governor', 'mayor', 'chancellor', 'king', 'queen', 'commissioner', 'chief(?: of [\\p{L}]{3,12})?', 'speaker', 'ambassador')
