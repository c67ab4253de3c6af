# Where the data of each tenant lives; in a bundle of your own this may be data.json.
package tenants

acme := {"residency": "eu"}

globex := {"residency": "us"}
