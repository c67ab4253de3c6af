# Which tools an agent may call, and with what. Asked by docs/examples/rego/tool-calls.yaml.
package guardspan.tools

default decision := {"decision": "allow", "reasons": []}

decision := {"decision": "deny", "reasons": sort(reasons)} if count(reasons) > 0

reasons contains sprintf("tool %s is not on the list", [tool.name]) if {
	some tool in input.call.toolCalls
	not tool.name in {"search", "transfer"}
}

reasons contains "a transfer is at most 100" if {
	some tool in input.call.toolCalls
	tool.name == "transfer"
	tool.arguments.amount > 100
}
