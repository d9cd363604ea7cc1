import { html, type Html } from '#platform/html/html.ts'
import type { MessageLife } from '#modules/messages/index.ts'
import { actionPath } from '../actions/parts.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'

/** Where one message is: nothing is claimed that their server did not say. */
export function lifeLine({ t, publisher }: Pick<Frame, 't' | 'publisher'>, life: MessageLife, office: string, now: Date): Html {
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const until = life.until !== null && new Date(life.until) > now
  return html`<li><bdi>${office}</bdi>: <strong>${t(`life.${life.state}`)}</strong> <small>${t(`life.${life.state}.why`)}${until && html` ${t('life.until-moment', { moment: at(life.until!) })}`}${life.endedAt && html` ${at(life.endedAt)}`}</small></li>`
}

/** The life of a supporter's message, office by office, as it is now. */
export function receiptPage(frame: Frame, { token, title, slug, kind, state, lives, now }: { token: string, title: string, slug: string, kind: 'petition' | 'message', state: string, lives: (MessageLife & { office: string })[], now: Date }): PageParts {
  const { t, publisher } = frame
  const key = `my.state.${state}`
  return {
    title: t('receipt.title'), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath({ slug }))}"><bdi>${title}</bdi></a></p><h1>${t(kind === 'message' ? 'receipt.title' : 'receipt.title-signature')}</h1>
<p class="stand">${t.has(key) && t(key)}</p>
${lives.length > 0 && html`<ul class="states">${lives.map((life) => lifeLine(frame, life, life.office, now))}</ul><p class="fine">${t('receipt.fine')}</p>`}
<p class="fine">${t('receipt.now', { moment: t.moment(now, publisher.zone) })}</p>
<form method="get" action="${localPath(frame, `/receipt/${token}`)}"><button class="plain">${t('receipt.again')}</button></form>
<ul class="other"><li><a href="${localPath(frame, `/my-data/${token}`)}">${t('my.title')}</a></li><li><a href="${localPath(frame, `/withdraw/${token}`)}">${t('link.withdraw.title')}</a></li></ul>`,
  }
}
