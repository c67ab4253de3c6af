# Which data may go where. Asked by docs/examples/rego/residency.yaml.
package guardspan.residency

deny contains reason if {
	input.detectors.pii.count > 0
	home := data.tenants[input.call.tenant].residency
	input.call.attrs.region != home
	reason := sprintf("personal data of %s stays in %s", [input.call.tenant, home])
}

deny contains "a call without a tenant may not hold personal data" if {
	input.detectors.pii.count > 0
	input.call.tenant == ""
}

warn contains reason if {
	input.call.tenant != ""
	not data.tenants[input.call.tenant]
	reason := sprintf("tenant %s is unknown", [input.call.tenant])
}
