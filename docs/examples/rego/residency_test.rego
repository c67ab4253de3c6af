package guardspan.residency_test

import data.guardspan.residency

call(tenant, region, count) := {
	"call": {"tenant": tenant, "attrs": {"region": region}},
	"detectors": {"pii": {"count": count, "maxScore": 1, "entities": []}},
}

test_personal_data_stays_at_home if {
	residency.deny == {"personal data of acme stays in eu"} with input as call("acme", "us", 2)
	count(residency.deny) == 0 with input as call("acme", "eu", 2)
}

test_other_data_may_travel if {
	count(residency.deny) == 0 with input as call("acme", "us", 0)
}

test_no_tenant_no_personal_data if {
	count(residency.deny) == 1 with input as call("", "us", 1)
}

test_unknown_tenants_are_told if {
	residency.warn == {"tenant nobody is unknown"} with input as call("nobody", "us", 1)
}
