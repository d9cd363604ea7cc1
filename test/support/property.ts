import fc from 'fast-check'

/**
 * Properties over random cases: the same cases each time, so that a run says something about the change and not about chance. `CLARION_TEST_SEED=N`
 * tries others.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.CLARION_TEST_SEED ?? 1) })

export default fc
