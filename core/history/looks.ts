/**
 * Actions that only look at people's data, in the words that a person is told what was done with theirs. Their entries
 * name in `item_ids` the registrants whose data was shown, whatever the list was of.
 */
export const LOOKS: Readonly<Record<string, string>> = {
  'registrant.read': 'opened the record',
  'registrant.list': 'saw it in a list of registrants',
  'registrant.explain': 'asked why the rules of a program are met, or not',
  'registrant.access-log': 'asked who had looked at it',
  'audit.read': 'read in the audit trail what was done to it',
  'history.read': 'looked at what it was before',
  'enrolment.list': 'saw it in a list of enrolments',
  'entitlement.read': 'opened an entitlement',
  'entitlement.list': 'saw it in a list of entitlements',
  'cycle.compare': 'saw it in the comparison of two cycles',
  'payment.list': 'saw it in a list of payments',
  'payment-exception.list': 'saw it in a list of payments that could not be made',
  'payment-batch.download': 'took out a file of payments to the bank',
  'credential.read': 'opened a credential',
  'credential.list': 'saw it in a list of credentials',
  'credential.show': 'showed or printed the code of a credential',
  'credential.verify': 'checked a credential that was presented',
  'redemption.list': 'saw it in a list of handovers',
  'redemption.refuse': 'checked a credential and handed nothing over',
}

export const LOOK_ACTIONS = Object.keys(LOOKS)
