/** Posts a form as a page of ours would, without following where it leads. */
export function post(origin: string, path: string, fields: Record<string, string> | [string, string][], headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers: { origin, 'sec-fetch-site': 'same-origin', ...headers } })
}

export interface PageForm {
  action: string
  fields: [string, string][]
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!)
}

/** What a browser would send of the form on a page whose action ends like this: hidden fields, and what stands in the others. */
export function formOn(html: string, actionEnd: string): PageForm {
  const form = [...html.matchAll(/<form\b[^>]*\baction="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].find(([, action]) => decode(action!).split('?')[0]!.endsWith(actionEnd))
  if (!form) throw new Error(`There is no form to ${actionEnd} on this page`)
  const inputs = [...form[2]!.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/type="(radio|checkbox|file)"/.test(tag) || / checked/.test(tag))
  const areas = [...form[2]!.matchAll(/<textarea\b[^>]*name="([^"]*)"[^>]*>\n?([\s\S]*?)<\/textarea>/g)].map(([, name, value]): [string, string] => [name!, decode(value!)])
  return {
    action: decode(form[1]!),
    fields: [...inputs.flatMap((tag): [string, string][] => {
      const name = /name="([^"]*)"/.exec(tag)?.[1]
      return name ? [[name, decode(/value="([^"]*)"/.exec(tag)?.[1] ?? '')]] : []
    }), ...areas],
  }
}

/** Fills in a form of a page and sends it, with what was there already. */
export async function submitForm(origin: string, html: string, actionEnd: string, typed: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const { action, fields } = formOn(html, actionEnd)
  return post(origin, action, [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)], headers)
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text()
}

/** Signs a petition as a browser without JavaScript does. */
export async function sign(site: string, petition: string, typed: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return submitForm(site, await textOf(`${site}${petition}`), '/sign', typed, headers)
}

/** Writes a message in its two steps: details, then the words. */
export async function write(site: string, action: string, details: Record<string, string>, words: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
  const second = await submitForm(site, await textOf(`${site}${action}`), '/write', details, headers)
  return submitForm(site, await second.text(), '/send', words, headers)
}
