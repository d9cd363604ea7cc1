import { datesIn } from '../../lexicon/dates.ts'
import { colonKind, isFurniture, isProtected, linkPhrase, saysNothing } from '../../lexicon/phrases.ts'
import { credit, related } from '../../lexicon/speech.ts'
import { folded } from '../../lexicon/labels.ts'
import type { Finding, Fix } from '../finding.ts'
import { at, type Context, type Part, type Prepared, type Rule } from '../text.ts'

const drop = (rule: 'L28' | 'L35', part: Part): Finding => ({ ...at(rule, 'warning', part, 0, part.text.length), fixes: [{ do: 'drop' }] })
const passages = (text: Prepared) => text.parts.filter(({ part }) => part === 'passage')

const parameter = '(?:utm_\\w+|fbclid|gclid|mc_eid|msclkid)=[^&\\s#)\\]]{0,300}'
const following = new RegExp(`<(?:img|script|iframe)\\b[^<>]{0,3000}>|\\?${parameter}(?![&\\w])|(?<=[?&])${parameter}&|&${parameter}`, 'giu')

/** L26: a tracker's tag, or an address that follows its readers about. */
const trackers: Rule = {
  id: 'L26',
  find: (text) => text.parts.flatMap((part) => [...part.text.matchAll(following)].map((match) => at('L26', 'warning', part, match.index, match.index + match[0].length, {}, ''))),
}

/** L27: what a web host leaves of an address that it hid. */
const hidden: Rule = { id: 'L27', find: (text) => text.parts.flatMap((part) => (isProtected(part.text) ? [...part.text.matchAll(/\\?\[\s*e-?mail\s*protected\s*\\?\]/giu)].map((match) => at('L27', 'error', part, match.index, match.index + match[0].length)) : [])) }

/** L28: menus, share buttons and the like in the text. */
const furniture: Rule = { id: 'L28', find: (text) => passages(text).filter((part) => isFurniture(part.text)).map((part) => drop('L28', part)) }

/** A sentence that sends readers to something: without a link they cannot follow. */
const sends = /(?<before>(?:^|[.!?؟:]\s+|\b(?:and|y|et)\s|(?<=\p{L}),\s))(?:(?:read|see|visit|download|watch|sign up (?:to|for)|sign|register for|take) (?:the|our|this) (?:\p{L}+ )?(?:report|briefing|page|site|website|petition|course|letter|statement|policy|video|story)|(?:lee|leed|consulta|visita|descarga|firma) (?:el|la|nuestr[oa]|est[ea]) (?:informe|página|sitio|petición|curso|carta|declaración|política)|(?:lisez|consultez|visitez|téléchargez|signez) (?:le|la|notre|cette|ce) (?:rapport|page|site|pétition|cours|lettre|déclaration|politique)|(?:اقرأ|اقرأوا|طالع|طالعوا|زوروا|وقّ?عوا(?: على)?) (?:التقرير|الصفحة|الموقع|العريضة|الدورة|الرسالة|البيان|السياسة)|(?:קראו|בקרו|הורידו|חתמו)(?: את| על| ב)? ?(?:הדו[״"]ח|דף|אתר|העצומה|הקורס|המכתב|ההצהרה|המדיניות))(?!\p{L})/iu

/** L29: a link that leads nowhere, or whose words do not say where. */
const links: Rule = {
  id: 'L29',
  find: (text) => [
    ...text.links.flatMap((link, index): Finding[] => {
      const where = { part: 'link' as const, index, start: 0, end: link.text.length }
      if (!link.href) return [{ rule: 'L29', severity: 'warning', where, text: link.text, values: { fault: 'lost' }, fixes: [] }]
      return saysNothing(link.text) ? [{ rule: 'L29', severity: 'note', where, text: link.text, values: { fault: 'vague' }, fixes: [] }] : []
    }),
    ...passages(text).flatMap((part, place, all) => {
      const taken = text.links.some(({ paragraph }) => paragraph === part.index)
      if (!taken && /:\s*$/u.test(part.text) && place === all.length - 1 && part.role !== 'heading') return [at('L29', 'warning', part, part.text.trimEnd().length - 1, part.text.trimEnd().length, { fault: 'colon' })]
      const sent = taken || part.role === 'heading' ? null : sends.exec(part.prose)
      if (sent) return [at('L29', 'note', part, sent.index + sent.groups!.before!.length, sent.index + sent[0].length, { fault: 'unlinked' })]
      const vague = /\b(?:click here|cliquez ici|haz clic aquí)\b|اضغط هنا|לחצו כאן/iu.exec(part.prose)
      return vague && !taken ? [at('L29', 'warning', part, vague.index, vague.index + vague[0].length, { fault: 'lost' })] : []
    }),
  ],
}

/** L30: what belongs beside a text has run into it. */
const runIn: Rule = {
  id: 'L30',
  find: (text) => passages(text).flatMap((part, place, all) => {
    const rest = all.length - place - 1
    if (part.role !== 'heading' && related.test(part.text)) return [at('L30', 'note', part, 0, part.text.length, { count: String(rest) })]
    const contact = /(?:media requests?|press enquir(?:y|ies)|contact)[^.]{0,80}:/iu.test(part.text) && part.text.length < 200
    return contact && rest > 1 ? [at('L30', 'note', part, 0, part.text.length, { count: String(rest) })] : []
  }),
}

/** L31: a heading that stands where the next item of a list would. */
const broken: Rule = {
  id: 'L31',
  find: (text) => passages(text).flatMap((part, place, all) => {
    const before = all[place - 1]
    const isTitle = part.role === 'text' && part.text.length <= 100 && /^\p{Lu}/u.test(part.text) && !/[.:;!?,]$/u.test(part.text) && part.text.split(/\s+/).length >= 3 && !linkPhrase(part.text) && !credit.test(part.text) && !colonKind(part.text)
    return before?.role === 'item' && isTitle ? [{ ...at('L31', 'note', part, 0, part.text.length), fixes: [{ do: 'heading' } satisfies Fix] }] : []
  }),
}

/** L32: what something is filed under, run into the credit of a photograph: `Agency ImagesMarovia`. */
const glued: Rule = {
  id: 'L32',
  find: (text, { known }) => passages(text).filter((part) => part.text.length < 200 && credit.test(part.text)).flatMap((part) => [...part.text.matchAll(/(?<=\p{Ll}{2})(?=\p{Lu}\p{Ll}{2})/gu)].flatMap((match) => {
    const word = /[\p{L}’'-]*$/u.exec(part.text.slice(0, match.index))![0] + /^[\p{L}/’'-]*/u.exec(part.text.slice(match.index))![0]
    return known.people.some((name) => name.includes(word)) || /^(?:Mac|Mc|De|La|Le)\p{Lu}/u.test(word) ? [] : [at('L32', 'warning', part, match.index, match.index, { written: word }, '\n')]
  })),
}

const creditName = /(?:photo(?:graph)? by|image by|credit:?|©|photo:)\s*|\bvia\b.*$|\/.*$/giu

/** L33: the same photographer in two forms. */
const credits: Rule = {
  id: 'L33',
  find(text) {
    const all = [...passages(text).filter((part) => part.text.length < 200 && credit.test(part.text)).map((part) => ({ part, text: part.text })), ...text.images.map(({ credit: written }) => ({ part: null, text: written }))].filter(({ text: written }) => written)
    const seen = new Map<string, string>()
    return all.flatMap(({ part, text: written }) => {
      const name = folded(written.replace(creditName, ' '))
      const before = seen.get(name)
      seen.set(name, before ?? written)
      return part && name.length > 3 && before !== undefined && before !== written ? [at('L33', 'note', part, 0, written.length, { before })] : []
    })
  },
}

/** L34: a picture without a credit: it cannot be published. */
const uncredited: Rule = {
  id: 'L34',
  find: (text, context) => [...text.images.flatMap((image, index): Finding[] => (image.credit.trim() || credit.test(image.caption) ? [] : [{ rule: 'L34', severity: 'error', where: { part: 'image', index, start: 0, end: 0 }, text: image.caption || image.alt, values: {}, fixes: [] }])), ...captionsLeft(text, context)],
}

/** Right below the title, a short line that ends with a place and a month: what is left of a picture. */
function captionsLeft(text: Prepared, { order, today }: Context): Finding[] {
  const [first] = passages(text)
  if (text.images.length > 0 || text.date || first?.role !== 'text' || first.text.length > 140 || credit.test(first.text)) return []
  const date = datesIn(first.prose, order, today).at(-1)
  const ends = date?.edtf?.length === 7 && date.start > 15 && /^[\s.]*$/u.test(first.text.slice(date.end)) && /,\s*$/u.test(first.text.slice(0, date.start))
  return ends ? [at('L34', 'warning', first, 0, first.text.length, { fault: 'caption' })] : []
}

/** L35: the same sentence or call twice. */
const twice: Rule = {
  id: 'L35',
  find(text) {
    const said = new Map<string, number>()
    const texts = passages(text).flatMap((part): Finding[] => {
      const key = folded(part.text).replaceAll(/["'.!?]/g, '')
      const before = said.get(key) ?? [...said].find(([other]) => key.length > 40 && other.includes(key))?.[1]
      if (said.size < 500) said.set(key, part.index)
      return before === undefined || key.length < 25 ? [] : [{ ...drop('L35', part), values: { passage: String(before + 1) } }]
    })
    const calls = new Map<string, number>()
    const links = text.links.flatMap((link, index): Finding[] => {
      const key = `${folded(link.text)} ${link.href ?? ''}`
      const first = calls.get(key)
      calls.set(key, first ?? index)
      return first !== undefined && linkPhrase(link.text) === 'take-action' && link.paragraph !== text.links[first]!.paragraph && text.passages.length > 1 ? [{ rule: 'L35', severity: 'note', where: { part: 'link', index, start: 0, end: link.text.length }, text: link.text, values: { passage: String((text.links[first]!.paragraph ?? 0) + 1) }, fixes: [] }] : []
    })
    return [...texts, ...links]
  },
}

const speaks = /\b(?:said|says|added|told|wrote|warned|explained|dijo|afirmó|añadió|a déclaré|a dit|selon|según|according to)\b|قال|قالت|أضاف|صرّ?ح|אמר|אמרה|הוסיפ|מסר/iu

/** L36: a quotation of a whole paragraph without who said it. */
const speakerless: Rule = {
  id: 'L36',
  find: (text) => passages(text).flatMap((part, place, all) => {
    const whole = /^\s*[“«"„][^”»"]{30,}[”»"]\s*$/u.test(part.text) || (part.role === 'quote' && !/[—–-]\s*\p{Lu}/u.test(part.text))
    const next = all[place + 1]
    const named = next && next.text.length < 200 && /^(?:[-–—]\s*)?\p{Lu}[\p{L}\p{M}’'-]+\s+(?:\p{L}+\s+){0,2}\p{Lu}[\p{L}\p{M}’'-]+,/u.test(next.text)
    return whole && !speaks.test(part.prose) && !named ? [at('L36', 'warning', part, 0, part.text.length, { fault: place > 0 && speaks.test(all[place - 1]!.text) ? 'continued' : 'nobody' })] : []
  }),
}

export const textRules: Rule[] = [trackers, hidden, furniture, links, runIn, broken, glued, credits, uncredited, twice, speakerless]
