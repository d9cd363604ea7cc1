import { deskOrigin } from '#platform/config.ts'
import { inTransaction } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import { allStaff, audit, makeSigninLink } from '#modules/staff/index.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../content.ts'
import { readWords } from '../words.ts'

/** Prints a link that signs a staff member in once: for the first administrator, and for whoever lost a second factor. */
export async function signinLinkVerb(words: string[]): Promise<void> {
  const { positionals: [email] } = readWords(words, {}, 'clarion signin-link [name@example.org]')
  await withInstallation(async (db, { secrets, config }) => {
    const staff = (await allStaff(db, new Opener(secrets.desk.contact))).filter((each) => each.leftAt === null)
    const chosen = email ? staff.find((each) => each.email.toLowerCase() === email.toLowerCase()) : staff.length === 1 ? staff[0] : undefined
    if (staff.length > 0 && !chosen) throw new CliFault(email ? 'Nobody who works here has this address.' : 'Say for whom: clarion signin-link name@example.org', 2)
    const token = await inTransaction(db, async (tx) => {
      await audit(tx, { staffId: null, verb: 'make-sign-in-link', subjectKind: 'staff', subjectIds: chosen ? [chosen.id] : [] }, new Date())
      return makeSigninLink(tx, chosen?.id ?? null, new Date())
    })
    console.log(`${deskOrigin(config)}/sign-in/${token}`)
    console.error('The link works once, within 15 minutes.')
  })
}
