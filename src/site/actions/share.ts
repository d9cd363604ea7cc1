import { html, type Html } from '#platform/html/html.ts'
import { qrSvg } from '#platform/qr.ts'
import type { ShareChannel } from '#modules/actions/index.ts'
import { mailto } from '#modules/messages/index.ts'
import type { Site } from '../context.ts'
import { ownPath } from '../look/layout.ts'
import { actionPath, type ActionView } from './parts.ts'

/** Plain links: nobody is told that this page was open until somebody follows one. */
const links: Partial<Record<ShareChannel, (text: string, url: string) => string>> = {
  email: (text, url) => mailto([], '', `${text}\n\n${url}`).href,
  whatsapp: (text, url) => `https://wa.me/?text=${encodeURIComponent(`${text} ${url}`)}`,
  telegram: (text, url) => `https://t.me/share/url?url=${encodeURIComponent(url)}&text=${encodeURIComponent(text)}`,
  facebook: (_, url) => `https://www.facebook.com/sharer/sharer.php?u=${encodeURIComponent(url)}`,
  x: (text, url) => `https://x.com/intent/post?text=${encodeURIComponent(text)}&url=${encodeURIComponent(url)}`,
  bluesky: (text, url) => `https://bsky.app/intent/compose?text=${encodeURIComponent(`${text} ${url}`)}`,
  mastodon: (text, url) => `https://share.joinmastodon.org/#text=${encodeURIComponent(`${text} ${url}`)}`,
}

/** How to share an action: by what the publisher has chosen. */
export function shareBox(site: Site, view: ActionView): Html | false {
  const { frame, action, words } = view
  const { t } = frame
  if (action.shareChannels.length === 0) return false
  const url = `${site.sharedOrigin}${ownPath(frame, actionPath(action))}`
  const text = words.words.shareText || words.words.title
  const chosen = (channel: ShareChannel) => action.shareChannels.includes(channel)
  return html`<section class="card"><h2>${t('share.title')}</h2><p class="preview" id="share-text"><bdi>${text}</bdi> <bdi dir="ltr">${url}</bdi></p>
<div class="row"><button class="plain" type="button" hidden data-share="${url}" data-title="${words.words.title}" data-text="${text}">${t('share.system')}</button>
${chosen('copy') && html`<button class="plain" type="button" hidden data-copy="share-text" data-done="${t('copied')}">${t('share.copy')}</button>`}
${action.shareChannels.flatMap((channel) => (links[channel] ? [html`<a class="plain" href="${links[channel](text, url)}" rel="noreferrer">${t(`share.${channel}`)}</a>`] : []))}</div>
${chosen('qr') && html`<details><summary>${t('share.qr')}</summary><div class="qr">${qrSvg(url, t('qr.label'))}</div></details>`}</section>`
}
