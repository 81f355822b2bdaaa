/** What permissions are about (`resource` of `resource:action`), in the order in which roles show them; `field` is what is seen in full. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  people: ['registrant', 'field', 'attribute', 'import', 'area'],
  programs: ['program', 'rule', 'enrolment'],
  money: ['fund', 'cycle', 'entitlement', 'payment'],
  goods: ['inventory', 'credential', 'verification', 'redemption'],
  approvals: ['approval'],
  access: ['user', 'role', 'client', 'identity-provider'],
  records: ['job', 'message', 'history', 'audit'],
}
