import type { Address, Email } from 'postal-mime'
import { localeOf, nativeName } from '#platform/formats.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { contentPolicy } from '#platform/http/security.ts'
import { interfaceLanguages } from '#platform/words.ts'
import { backsFor } from './send-back.ts'
import type { InboxWords } from './words/index.ts'

const style = ':root{color-scheme:light dark;--paper:light-dark(#f6f5f1,#141417);--card:light-dark(#fff,#1f1f25);--ink:light-dark(#1b1a17,#ecebe6);--soft:light-dark(#5b5850,#aaa79e);--line:light-dark(#dedbd2,#34343c);--link:light-dark(#2b3a8f,#a9b6ff)}*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 ui-sans-serif,system-ui,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Noto Sans Hebrew",sans-serif;overflow-wrap:anywhere}main,header{max-inline-size:60rem;margin-inline:auto;padding:1rem clamp(1rem,4vw,2rem)}header,nav{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline}h1{font:600 1.5rem/1.2 ui-serif,Georgia,serif;margin:0;margin-inline-end:auto}h1 a{color:inherit;text-decoration:none}nav{gap:.25rem 1rem;font-size:.9rem}a{color:var(--link)}.soft{color:var(--soft)}ul{list-style:none;padding:0;margin:1rem 0}li a{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.1rem 1rem;padding:.8rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:8px;margin-block-end:.5rem;text-decoration:none;color:inherit}li b{font-weight:600}@media(width<32rem){li a{grid-template-columns:minmax(0,1fr)}}li small{color:var(--soft)}:focus-visible{outline:3px solid #ffb000;outline-offset:2px}form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}input,button{font:inherit;min-block-size:2.75rem;border:1px solid var(--line);border-radius:6px;background:var(--card);color:inherit;padding:.4rem .8rem}button{cursor:pointer}dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.25rem 1rem;margin:0 0 1rem}dt{color:var(--soft)}dd{margin:0}pre{white-space:pre-wrap;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1rem;font:inherit}iframe{inline-size:100%;block-size:36rem;border:1px solid var(--line);border-radius:8px;background:#fff}summary{padding-block:.6rem;cursor:pointer}'

/** The inbox shows what mails contain; whatever is in them can load nothing and run nothing. */
export const inboxPolicy = contentPolicy({ styles: [style], scripts: "'none'" }).replace("form-action 'self'", "form-action 'self'; frame-src 'self'")
export const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

export interface Listed {
  name: string
  mail: Email
}

export function addresses(list: (Address | undefined)[] | undefined): string {
  return (list ?? []).flatMap((each) => (each?.address ? [each.name ? `${each.name} <${each.address}>` : each.address] : [])).join(', ')
}

function layout(t: InboxWords, title: string, body: Html): Html {
  return html`<!doctype html><html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${raw(style)}</style></head><body>
<header><h1><a href="/?lang=${t.language}">${t('title')}</a></h1><nav>${interfaceLanguages.filter((language) => language !== t.language).map((language) => html`<a href="/?lang=${language}" lang="${language}">${nativeName(language)}</a>`)}</nav></header><main>${body}</main></body></html>`
}

export function listPage(t: InboxWords, listed: Listed[], filter: string, total: number): Html {
  return layout(t, t('title'), html`<p class="soft">${t('explain')}</p>
<form method="get" action="/"><input type="hidden" name="lang" value="${t.language}"><label for="to">${t('filter')}</label><input id="to" name="to" value="${filter}" dir="ltr"><button>${t('filter.button')}</button></form>
<p>${t('count', { count: total })}</p>${listed.length === 0 ? html`<p>${t('empty')}</p>` : html`<ul>${listed.map(({ name, mail }) => html`<li><a href="/mail/${name}?lang=${t.language}"><b dir="auto">${mail.subject ?? ''}</b><small>${time(t, mail)}</small><small dir="auto">${addresses(mail.to)}</small></a></li>`)}</ul>
<form method="post" action="/clear?lang=${t.language}"><button>${t('clear')}</button></form>`}`)
}

function time(t: InboxWords, mail: Email): string {
  return mail.date ? new Intl.DateTimeFormat(localeOf(t.language), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(mail.date)) : ''
}

export function mailPage(t: InboxWords, { name, mail }: Listed, said = ''): Html {
  return layout(t, mail.subject ?? t('title'), html`<p><a href="/?lang=${t.language}">${t('back')}</a></p>${(said === 'back' || said === 'not-back') && html`<p role="status"><strong>${t(`said.${said}`)}</strong></p>`}
<dl><dt>${t('subject')}</dt><dd dir="auto"><strong>${mail.subject ?? ''}</strong></dd><dt>${t('from')}</dt><dd dir="auto">${addresses([mail.from])}</dd><dt>${t('to')}</dt><dd dir="auto">${addresses(mail.to)}</dd>${mail.replyTo?.length ? html`<dt>${t('replies')}</dt><dd dir="auto">${addresses(mail.replyTo)}</dd>` : ''}<dt>${t('date')}</dt><dd>${time(t, mail)}</dd></dl>
<pre dir="auto" id="text" aria-label="${t('text')}">${linked(mail.text ?? '')}</pre>
${sendingBack(t, name, mail)}
${mail.html && html`<details><summary>${t('html')}</summary><iframe src="/mail/${name}/html" title="${t('html')}"></iframe></details>`}
<details><summary>${t('headers')}</summary><pre dir="ltr">${mail.headers.map((header) => `${header.originalKey}: ${header.value}`).join('\n')}</pre></details>`)
}

/** What mail servers, providers and people may send back: so that it can be tried before anybody depends on it. */
function sendingBack(t: InboxWords, name: string, mail: Email): Html | false {
  const backs = backsFor(mail)
  return backs.length > 0 && html`<details><summary>${t('send-back')}</summary><p class="soft">${t('send-back.why')}</p><form method="post" action="/mail/${name}/back?lang=${t.language}">${backs.map((what) => html`<button name="what" value="${what}">${t(`send-back.${what}`)}</button>`)}</form></details>`
}

export function messagePage(t: InboxWords, message: string): Html {
  return layout(t, t('title'), html`<p>${message}</p><p><a href="/?lang=${t.language}">${t('back')}</a></p>`)
}

/** Text with its web addresses as links. */
function linked(text: string): Html {
  return html`${text.split(/(https?:\/\/[^\s<>]+)/).map((part, place) => (place % 2 ? html`<a href="${part}" rel="noreferrer" dir="ltr">${part}</a>` : part))}`
}
