import { z } from 'zod'
import { endOfDay, isDay } from '#platform/days.ts'
import { isHappened } from './happened.ts'

/** What a picture can show that nobody should see without having asked. */
export const sensitiveKinds = ['graphic-violence', 'injury', 'death', 'sexual-violence', 'distress'] as const

/** Whether people who can be recognised in it agreed. */
export const consentKinds = ['nobody', 'given', 'public'] as const

const line = z.string().max(500).default('')

/** A picture as it is kept: in all its sizes. */
export const keptPicture = z.object({
  imageId: z.uuid(),
  files: z.array(z.object({
    hash: z.string().regex(/^[0-9a-f]{64}$/), width: z.int().positive(), height: z.int().positive(), mediaType: z.string(), size: z.int().nonnegative(),
    /** For pages and feeds; for link previews; blurred, for before somebody has asked. */
    use: z.enum(['shown', 'card', 'veil']),
  })).min(1),
})

/** One picture with what is true of it and what is said of it. It can be kept before anybody has said whose it is; what it lacks to be shown says `pictureLacks`. */
export const pictureShape = keptPicture.extend({
  /** Whoever made it, and whoever passed it on. */
  author: z.string().max(300), agency: z.string().max(300).default(''), licence: line,
  takenOn: z.union([z.literal(''), z.string().refine(isHappened)]).default(''),
  sensitive: z.array(z.enum(sensitiveKinds)).max(5).default([]),
  decorative: z.boolean().default(false),
  consent: z.union([z.literal(''), z.enum(consentKinds)]).default(''),
  /** The last day on which it may be shown. */
  until: z.union([z.literal(''), z.string().refine(isDay)]).default(''),
  says: z.record(z.string().regex(/^[a-z]{2,3}$/), z.object({ alt: z.string().max(1000).default(''), caption: z.string().max(1000).default(''), place: line })),
})
export type Picture = z.infer<typeof pictureShape>

/** What keeps a picture from being shown: nobody is credited, or it has no words for those who do not see it and nobody has said that it only decorates. */
export function pictureLacks({ author, decorative, says }: Pick<Picture, 'author' | 'decorative' | 'says'>): ('author' | 'says')[] {
  const told = decorative || (Object.keys(says).length > 0 && Object.values(says).every(({ alt }) => alt.trim() !== ''))
  return [...(author.trim() ? [] : ['author' as const]), ...(told ? [] : ['says' as const])]
}

/** When a picture is to go: at the end of its last day by a clock; nothing where it may stay. */
export function pictureEnds({ until }: Picture, zone: string): Date | undefined {
  return until === '' ? undefined : endOfDay(until, zone)
}

/** The largest file of a picture that everything can show. */
export function plainFile({ files }: Picture): Picture['files'][number] | undefined {
  return files.filter(({ use, mediaType }) => use === 'shown' && mediaType === 'image/jpeg').at(-1)
}

/** Who made it and who passed it on, as it is printed. */
export function creditOf({ author, agency }: Picture): string {
  return agency ? `${author} / ${agency}` : author
}
