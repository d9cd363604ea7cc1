import { html, type Html } from '#platform/html/html.ts'
import type { DkimRecord } from '#platform/secrets.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { Visit } from '../pages.ts'

/** The key that mails are signed with: its record and, while there are two, both of them to paste. */
export function dkimCard({ secrets: { dkim, dkimNext, dkimFormer } }: Desk, { t, now }: Visit, zone: string): Html {
  const over = dkimFormer && new Date(dkimFormer.until) < now
  return html`<section class="card" id="dkim"><h2>${t('keys.dkim')}</h2><p>${t('keys.dkim.what')}</p>
<h3>${t('keys.in-use')}</h3>${record(dkim)}
${dkimNext ? html`<h3>${t('keys.dkim.next')}</h3><p>${t('keys.dkim.paste')}</p>${record(dkimNext)}${button('/keys/switch-dkim', t('keys.dkim.switch'))}` : html`<p><a class="btn plain" href="/keys/rotate/dkim">${t('keys.new')}</a></p>`}
${dkimFormer && html`<h3>${t('keys.old')}</h3><p>${t(over ? 'keys.dkim.remove' : 'keys.dkim.leave', { day: t.moment(new Date(dkimFormer.until), zone) })}</p>${record(dkimFormer)}${over && button('/keys/forget-dkim', t('keys.dkim.removed'))}`}</section>`
}

function record({ selector, publicKey }: DkimRecord): Html {
  return html`<pre dir="ltr">${selector}._domainkey  TXT  "v=DKIM1; k=rsa; p=${publicKey}"</pre>`
}
