/** Kinds of jobs. */
export const FILL_JOB = 'payments.fill-batch'
export const SEND_JOB = 'payments.send-batch'
export const APPLY_JOB = 'payments.apply-report'
