import { html, type Html } from '../html/html.ts'

/** The frame of every mail in HTML: one column, in the type of the pages, and nothing that is fetched. */
export function mailFrame({ language, direction }: { language: string, direction: 'ltr' | 'rtl' }, title: string, body: Html): Html {
  return html`<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>a{color:#2b3a8f}</style></head>
<body style="margin:0;padding:24px;background:#fbfaf7;color:#1b1a17;font:17px/1.55 system-ui,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic','Noto Sans Hebrew',sans-serif"><div dir="${direction}" style="max-width:36em;margin:auto;word-break:break-word;overflow-wrap:anywhere">
${body}
</div></body></html>`
}
