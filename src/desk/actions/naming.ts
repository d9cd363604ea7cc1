import { html, type Html } from '#platform/html/html.ts'
import type { Action, Revision } from '#modules/actions/index.ts'
import type { Visit } from '../pages.ts'

/** A name of an office or body, as a link for whoever may see who we write to. */
export function wayTo(may: Visit['may'], href: string, name: string): Html {
  return may('see-targets') ? html`<a href="${href}"><bdi>${name}</bdi></a>` : html`<bdi>${name}</bdi>`
}

export function titleOf(action: Pick<Action, 'slug'>, revisions: Revision[], language: string): string {
  return (revisions.find((revision) => revision.language === language) ?? revisions[0])?.words.title || action.slug
}
