/** Where in the source a part stands: UTF-16 offsets, `end` exclusive. */
export type Span = { start: number; end: number }

export type Literal = { kind: 'string' | 'int' | 'double' | 'bool' | 'null'; text: string }

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%'

/**
 * The syntax tree of an expression as it was written. `name` spans only the identifier of a field or
 * function, so that a complaint about it points at it. Chains of `&&` and `||` are one node.
 */
export type Node = Span &
  (
    | { is: 'literal'; literal: Literal }
    | { is: 'name'; text: string }
    | { is: 'select'; operand: Node; name: Span & { text: string } }
    | { is: 'index'; operand: Node; index: Node }
    | { is: 'call'; target: Node | undefined; name: Span & { text: string }; args: readonly Node[] }
    | { is: 'list'; items: readonly Node[] }
    | { is: 'not'; operand: Node }
    | { is: 'negate'; operand: Node }
    | { is: 'and' | 'or'; items: readonly Node[] }
    | { is: 'binary'; operator: BinaryOperator; left: Node; right: Node }
    | { is: 'conditional'; test: Node; yes: Node; no: Node }
  )
