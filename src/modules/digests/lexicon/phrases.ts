/** What a link is for. `link` is one inside of a sentence that says nothing of it. */
export type LinkKind = 'read-more' | 'take-action' | 'download' | 'course' | 'link'

// A phrase ends with the sentence or the line that it is.
const phrases: [kind: LinkKind, pattern: RegExp][] = ([
  ['course', ['(?:sign up|enrol|enroll|register)(?: now| here| today)?(?: (?:to|for) (?:our|the) course)?', '(?:take|start|join) (?:our|the) (?:online )?course', 's’inscrire', "s'inscrire", 'inscrivez-vous', 'inscríbete(?: ahora)?', 'apúntate', 'سجّ?ل(?:وا)?(?: الآن)?', 'להרשמה', 'הירשמו(?: עכשיו)?']],
  ['download', ['download(?: (?:the|a|our|this) [\\p{L} -]{2,30}| now| here| pdf)?', '(?:print|get) (?:the|a|our) (?:petition|letter|poster|pack)', 'descarga(?:r|d)?(?: (?:el|la) [\\p{L} ]{2,30}| aquí)?', 'télécharger?(?:z)?(?: (?:le|la) [\\p{L} ]{2,30}| ici)?', 'تنزيل(?: [\\p{L} ]{2,20})?', 'تحميل(?: [\\p{L} ]{2,20})?', 'להורדה', 'הורדת? [\\p{L} ]{2,20}', 'הורידו']],
  ['take-action', ['take (?:urgent )?action(?: now| here| today)?', 'act now', 'sign (?:the|our|this) petition(?: now| here)?', 'sign now', 'add your name', '(?:e-?mail|write to|call|contact|tweet) (?:your|the) (?:mp|representatives?|member|minister|senator|deputy|government|ambassador|embassy)', 'send (?:a|an|your) (?:letter|message|e-?mail|appeal)', '(?:sign|send) and (?:mail|send|sign) (?:a|the|your) letter', 'actúa(?: ya| ahora)?', 'firma(?: la petición| ya| ahora)?', 'agir(?: maintenant)?', 'agissez(?: maintenant)?', 'passe[rz] à l[’\']action', 'signer? (?:la )?pétition', 'signez(?: la pétition)?', 'تحرّ?ك(?:وا)?(?: الآن)?', 'بادر(?:وا)?(?: بالتحرك)?', 'وقّ?ع(?:وا)?(?: (?:على )?العريضة| الآن)?', 'לפעולה', 'פעלו עכשיו', 'חתמו(?: על העצומה| עכשיו)?']],
  ['read-more', ['read (?:more|on|the (?:full )?(?:report|story|statement|briefing|letter|release|news|article)|it|here|in full)(?: here| now)?', 'learn more', 'find out more', 'more(?: here| information)?', 'full (?:story|report|statement)', 'see more', 'leer más', 'lee(?:r)? (?:el informe|más)', 'más información', 'saber más', 'lire (?:la suite|plus|le rapport)', 'en savoir plus', 'اقرأ(?:وا)? (?:المزيد|التقرير)', '(?:للمزيد|المزيد)', 'קראו עוד', 'לקריאה נוספת', 'עוד', 'למידע נוסף']],
  ['link', ['click here', 'here', 'this link', 'follow this link', 'haz clic aquí', 'pincha aquí', 'aquí', 'cliquez ici', 'ici', 'اضغط(?:وا)? هنا', 'انقر(?:وا)? هنا', 'هنا', 'לחצו כאן', 'כאן']],
] as [LinkKind, string[]][]).map(([kind, each]) => [kind, new RegExp(`^(?:${each.join('|')})$`, 'iu')])

const arrows = /[\s.:!>»›→←«‹…⟩]+$/u

/** What kind of link a phrase stands for when it is all there is: "Read more.", "Take action now >". Null for other words. */
export function linkPhrase(text: string): LinkKind | null {
  const bare = text.trim().replace(arrows, '').replace(/^[\s>»›→«‹⟨]+/u, '').replaceAll(/\s+/g, ' ')
  if (!bare || bare.length > 80) return null
  return phrases.find(([, pattern]) => pattern.test(bare))?.[0] ?? null
}

/** What kind of link words and address of an anchor stand for. */
export function linkKind(text: string, href: string | null): LinkKind {
  const said = linkPhrase(text)
  if (said && said !== 'link') return said
  if (href && /\.(?:pdf|docx?|odt|epub|zip)(?:[?#]|$)/i.test(href)) return 'download'
  return colonKind(text) ?? 'link'
}

/** "Free her: download a petition": the kind stands behind the last colon of a line. */
export function colonKind(line: string): LinkKind | null {
  const colon = line.lastIndexOf(': ')
  const kind = colon > 0 && line.length < 200 ? linkPhrase(line.slice(colon + 2)) : null
  return kind === 'link' || kind === 'read-more' ? null : kind
}

/** Words that say nothing of where a link leads. */
export function saysNothing(text: string): boolean {
  return linkPhrase(text) === 'link'
}

const connecting = new RegExp(`(?:^|[\\s(])(?:on|in|of|until|till|since|by|for|from|before|after|between|and|to|at|the|during|through|around|about|dated|than|over|only|some|` +
  `en|el|del|de|desde|hasta|antes|y|entre|para|más|le|la|du|depuis|jusqu[’']au|avant|après|et|pour|dans|` +
  `في|من|منذ|حتى|قبل|بعد|يوم|عام|سنة|إلى|بين|و|ב|עד|מאז|לפני|אחרי|בין|של|ביום|בשנת)\\s*$`, 'iu')

/** Whether a text ends with a word that ties what follows to it: then a date after it belongs to the sentence. */
export function isConnecting(text: string): boolean {
  return connecting.test(text)
}

/** Menus, share buttons and the like: whole lines that are no part of what a page says. */
const furniture = new RegExp(`^(?:${[
  'select this search icon to access the search form', 'skip to (?:main )?content', 'skip to navigation', '(?:main |primary |secondary )?(?:menu|navigation)', 'search(?: form| this site)?', 'toggle (?:menu|navigation)',
  '(?:facebook|twitter|x|whatsapp|telegram|linkedin|e-?mail|mastodon|bluesky|pinterest|reddit)(?: (?:share|tweet|link|logo|icon))?', 'share(?: this)?(?: (?:page|post|article))?(?: (?:on|via|by|with) [\\p{L}-]+)?', 'tweet(?: this)?', 'print(?: this)?(?: page| friendly)?', 'back to top', 'home',
  'breadcrumbs?', 'you are here:?', 'cookie (?:settings|policy|preferences)', 'accept (?:all )?cookies', 'we use cookies.{0,160}', 'subscribe(?: to our newsletter)?', 'newsletter', 'log ?in', 'donate(?: now)?', 'previous(?: (?:post|page|article))?', 'next(?: (?:post|page|article))?', 'load more', 'close', 'leave a (?:comment|reply)', '\\d+ comments?', 'all rights reserved.{0,60}', '(?:©|copyright|\\(c\\)).{0,120}', 'for more news,? follow us on.{0,40}', 'follow us(?: on.{0,40})?', 'like us on.{0,40}',
  'saltar al contenido', 'menú(?: principal)?', 'buscar', 'compartir(?: en .{2,20})?', 'imprimir', 'volver arriba', 'inicio', 'aceptar (?:las )?cookies', 'síguenos.{0,40}', 'dona(?: ahora)?',
  'aller au contenu(?: principal)?', 'menu principal', 'rechercher?', 'partager(?: sur .{2,20})?', 'imprimer', 'haut de page', 'accueil', 'accepter (?:les )?cookies', 'suivez-nous.{0,40}', 'faire un don',
  'تخطَّ? إلى المحتوى', 'القائمة(?: الرئيسية)?', 'بحث', 'ابحث', 'شارك(?: .{2,25})?', 'مشاركة', 'طباعة', 'الرئيسية', 'تابعونا.{0,40}', 'تبرعوا?(?: الآن)?',
  'דילוג לתוכן', 'תפריט(?: ראשי)?', 'חיפוש', 'שתפו(?: .{2,25})?', 'שיתוף', 'הדפסה', 'דף הבית', 'עקבו אחרינו.{0,40}', 'תרמו(?: עכשיו)?',
].join('|')})[\\s.!:]*$`, 'iu')

/** What stands around the fields of a form: whole lines that say nothing where the form is not. */
const formWords = new RegExp(`^(?:${[
  '(?:please )?(?:enter|fill in|complete) your (?:details|name|e-?mail(?: address)?|information).{0,160}', '(?:your )?(?:first|last|full) name', '(?:your )?(?:postcode|zip code|e-?mail address|phone number)', 'required fields?.{0,40}', 'submit(?: form)?', '(?:by signing|by submitting|by clicking).{0,240}',
  '(?:please )?(?:let us know|tell us) how (?:you wish|you would like|you want|you’d like) (?:us )?to (?:be contacted|contact you|hear from us).{0,80}', 'we (?:want|would like|’d like) to keep you (?:updated|informed|up to date).{0,200}', 'we (?:promise|will)(?: to)? (?:not|never)(?: to)? (?:sell|share|pass on) your (?:details|data|information).{0,40}', '(?:please )?(?:read|see) our privacy (?:policy|notice|statement).{0,80}', 'you can unsubscribe at any time.{0,80}',
  '(?:por favor,? )?(?:introduce|rellena|escribe) tus datos.{0,160}', 'lee nuestra política de privacidad.{0,80}', '(?:veuillez )?(?:saisir|saisissez|remplissez|entrez) (?:vos coordonnées|votre (?:nom|e-?mail)).{0,160}', '(?:lire|lisez) notre politique de confidentialité.{0,80}',
  '(?:يرجى )?(?:أدخل|أدخلوا|إدخال|املأ) (?:بياناتك|بياناتكم|تفاصيلك).{0,160}', '(?:اقرأ|اقرؤوا) سياسة الخصوصية.{0,80}', '(?:נא )?(?:הזינו|הכניסו|מלאו) את (?:הפרטים|פרטיכם).{0,160}', 'קראו את מדיניות הפרטיות.{0,80}',
].join('|')})[\\s.!:*]*$`, 'iu')

/** Whether a line is page furniture. */
export function isFurniture(line: string): boolean {
  const bare = line.trim()
  return (bare.length < 200 && furniture.test(bare)) || (bare.length < 320 && formWords.test(bare))
}

const stamp = new RegExp(`^(?:(?<updated>(?:page |site )?(?:last )?(?:updated|modified|revised|reviewed)|(?:última )?actualiza(?:do|ción)|(?:dernière )?mise? à jour|(?:آخر )?تحديث|עודכן(?: לאחרונה)?|עדכון אחרון)|(?<published>(?:first )?(?:published|posted|released|issued|date)|publicado|publié|نُ?شر|פורסם))(?: on| at| le| el| في| ב-?)?[\\s:]+(?=[^\\s])`, 'iu')

/** Whether a line is a stamp, such as "Updated 07/06/2024", and where its date begins. */
export function stampOf(line: string): { kind: 'updated' | 'published', from: number } | null {
  const match = stamp.exec(line)
  return match ? { kind: match.groups!.updated ? 'updated' : 'published', from: match[0].length } : null
}

const roles = '(?:country |regional |area |group |press |media )?(?:co-?ordinat(?:or|ion)|press officer|media contact|contact|spokesperson|coordinador(?:a|es|as)?|contacto|coordinat(?:eur|rice|eurs|rices)|منسق(?:ة|و|ي)?(?: [\\p{L}]+)?|للاتصال|רכז(?:ת|ים|ות)?(?: [\\p{L}]+)?|ליצירת קשר)s?'
const contact = new RegExp(`^${roles}\\s*[-–—:|]\\s*(?<who>.*)$`, 'iu')

/** Whether a line names a contact, and whether there is any way to reach them in it. */
export function contactOf(line: string): { plural: boolean, reachable: boolean, several: boolean } | null {
  const match = line.length < 300 ? contact.exec(line) : null
  if (!match) return null
  const who = match.groups!.who!.replace(/[\s\-–—:|]+$/, '')
  return { plural: /^[^-–—:|]*s\s*[-–—:|]/.test(line), reachable: /\S+@\S+\.\S+|https?:|www\.|\+?\d[\d\s()-]{6,}/.test(who) && !isProtected(who), several: /,|;|\band\b|&|\sy\s|\set\s|\sو|\sו/u.test(who) }
}

/** What is left of an address that a web host hides from harvesters. */
export function isProtected(text: string): boolean {
  return /\[\s*e-?mail\s*protected\s*\\?\]/i.test(text)
}
