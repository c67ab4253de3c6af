package guardspan.tools_test

import data.guardspan.tools

calls(list) := {"call": {"toolCalls": list}}

test_search_is_allowed if {
	tools.decision.decision == "allow" with input as calls([{"name": "search", "arguments": {}}])
}

test_shell_is_not if {
	tools.decision.reasons == ["tool shell is not on the list"] with input as calls([{"name": "shell", "arguments": {}}])
}

test_transfers_are_bounded if {
	tools.decision.decision == "allow" with input as calls([{"name": "transfer", "arguments": {"amount": 100}}])
	tools.decision.decision == "deny" with input as calls([{"name": "transfer", "arguments": {"amount": 101}}])
}
