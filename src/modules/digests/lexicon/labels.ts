/**
 * What the labels in the header of a digest say: each is a kind (what sort of item), composes with one (its tone, its makers), or both at once: `urgent-action+update`.
 * An organisation's own labels are added to these; nobody has to use any.
 */
export interface Vocabulary {
  kinds: Record<string, string[]>
  labels: Record<string, string[]>
}

export const usualLabels: Vocabulary = {
  kinds: {
    news: ['news', 'news item', 'أخبار', 'خبر', 'noticias', 'noticia', 'actualités', 'actualité', 'nouvelles', 'חדשות', 'ידיעה'],
    'urgent-action': ['urgent action', 'تحرك عاجل', 'acción urgente', 'action urgente', 'פעולה דחופה'],
    'urgent-action+update': ['urgent action update', 'update on urgent action', 'تحديث التحرك العاجل', 'تحديث تحرك عاجل', 'actualización de acción urgente', 'actualización de la acción urgente', 'mise à jour action urgente', 'mise à jour de l’action urgente', 'עדכון פעולה דחופה', 'עדכון לפעולה דחופה'],
    'urgent-action+outcome': ['urgent action outcome', 'نتيجة التحرك العاجل', 'resultado de acción urgente', 'résultat action urgente', 'תוצאה של פעולה דחופה'],
    'press-release': ['press release', 'news release', 'media release', 'statement', 'public statement', 'بيان', 'بيان صحفي', 'comunicado de prensa', 'nota de prensa', 'comunicado', 'declaración', 'communiqué de presse', 'communiqué', 'déclaration', 'הודעה לעיתונות', 'הצהרה'],
    'joint-statement': ['joint statement', 'بيان مشترك', 'declaración conjunta', 'déclaration commune', 'הצהרה משותפת'],
    letter: ['letter', 'رسالة', 'carta', 'lettre', 'מכתב'],
    'letter+open': ['open letter', 'رسالة مفتوحة', 'carta abierta', 'lettre ouverte', 'מכתב פתוח'],
    report: ['report', 'online report', 'briefing', 'briefing paper', 'تقرير', 'إحاطة', 'informe', 'rapport', 'synthèse', 'דוח', 'דו"ח', 'תדריך'],
    'blog-post': ['blog', 'blog post', 'blogpost', 'تدوينة', 'مدونة', 'entrada de blog', 'billet de blog', 'רשומת בלוג', 'בלוג'],
    'questions-and-answers': ['question & answer', 'question and answer', 'questions & answers', 'questions and answers', 'q&a', 'q & a', 'أسئلة وأجوبة', 'سؤال وجواب', 'preguntas y respuestas', 'questions-réponses', 'questions et réponses', 'שאלות ותשובות'],
    explainer: ['explainer', 'شرح', 'explicación', 'décryptage', 'הסבר'],
    education: ['education', 'human rights education', 'تعليم', 'تثقيف', 'educación', 'éducation', 'חינוך'],
    course: ['course', 'online course', 'دورة', 'curso', 'cours', 'קורס'],
    event: ['event', 'day of action', 'فعالية', 'evento', 'événement', 'אירוע'],
  },
  labels: {
    'good-news': ['good news', 'success', 'أخبار سارة', 'خبر سار', 'buenas noticias', 'buena noticia', 'bonne nouvelle', 'bonnes nouvelles', 'חדשות טובות'],
    'sad-news': ['sad news', 'bad news', 'أخبار حزينة', 'أخبار سيئة', 'malas noticias', 'mauvaise nouvelle', 'triste nouvelle', 'חדשות רעות'],
    update: ['update', 'updated', 'تحديث', 'actualización', 'mise à jour', 'עדכון'],
    outcome: ['outcome', 'نتيجة', 'resultado', 'résultat', 'תוצאה'],
    joint: ['joint', 'مشترك', 'مشتركة', 'conjunto', 'conjunta', 'commun', 'commune', 'משותף', 'משותפת'],
    open: ['open', 'مفتوحة', 'abierta', 'ouverte', 'פתוח'],
  },
}

export interface Reading {
  kind: string | null
  labels: string[]
  /** Whether a label stands before or behind the kind; null where there is one of them only. */
  order: 'tone-first' | 'kind-first' | null
}

/** How labels are recognised: by the longest phrase first, whatever their case and accents. */
export class Labels {
  private readonly known = new Map<string, { kind?: string | undefined, labels: string[] }>()
  private readonly pattern: RegExp
  constructor(own: Partial<Vocabulary> = {}) {
    const put = (part: Record<string, string[]> | undefined, as: 'kind' | 'label') => {
      for (const [name, phrases] of Object.entries(part ?? {})) for (const phrase of phrases) this.known.set(folded(phrase), meaning(name, as))
    }
    put(usualLabels.labels, 'label')
    put(usualLabels.kinds, 'kind')
    put(own.labels, 'label')
    put(own.kinds, 'kind')
    const phrases = [...this.known.keys()].toSorted((one, other) => other.length - one.length).map((each) => RegExp.escape(each).replaceAll('\\x20', '\\s+'))
    this.pattern = new RegExp(`^(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`, 'u')
  }

  /** Reads a text that consists of labels alone, such as `GOOD NEWS - URGENT ACTION UPDATE`; null if anything else is in it. */
  read(text: string): Reading | null {
    if (text.length > 80) return null
    let rest = folded(text)
    const kinds: string[] = []
    const labels: string[] = []
    let order: Reading['order'] = null
    while (rest) {
      const [phrase] = this.pattern.exec(rest) ?? []
      if (!phrase) return null
      const { kind, labels: said } = this.known.get(phrase.replace(/\s+/g, ' '))!
      if (kind && labels.length) order ??= 'tone-first'
      if (!kind && kinds.length) order ??= 'kind-first'
      if (kind) kinds.push(kind)
      labels.push(...said)
      rest = rest.slice(phrase.length).replace(/^[\s\-–—‐‑−|/:,;&+·•]+/, '')
    }
    return kinds.length + labels.length ? composed(kinds, labels, order) : null
  }
}

function meaning(name: string, as: 'kind' | 'label'): { kind?: string | undefined, labels: string[] } {
  const [first, ...labels] = name.split('+') as [string, ...string[]]
  return as === 'kind' ? { kind: first, labels } : { labels: [first, ...labels] }
}

/** One kind, and what composes with it: of two kinds that say the same the fuller one stays, and a second one becomes a label. */
function composed(kinds: string[], labels: string[], order: Reading['order']): Reading {
  const distinct = [...new Set(kinds)].filter((kind) => !kinds.some((other) => other !== kind && other.startsWith(`${kind}-`)))
  const [kind = null, ...others] = distinct
  return { kind, labels: [...new Set([...labels, ...others])], order }
}

/** A text without differences of case, accent, quotation mark and kind of space: what two ways of writing the same have in common. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f\u064b-\u0652\u0591-\u05c7]/g, '').normalize('NFC').toLowerCase().replace(/[’‘ʼ`´]/g, "'").replace(/[“”„«»״]/g, '"').replace(/\s+/g, ' ').trim()
}
