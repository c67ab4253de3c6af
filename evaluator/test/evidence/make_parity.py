"""Makes parity.json: what SciPy and Fairlearn say, for parity.test.ts. Run: python make_parity.py > parity.json"""

import json
import math

import fairlearn
import numpy as np
import scipy
from fairlearn.metrics import demographic_parity_ratio
from scipy import optimize, special, stats

out = {"versions": {"scipy": scipy.__version__, "fairlearn": fairlearn.__version__}}
out["lnGamma"] = [[x, float(special.gammaln(x))] for x in (1e-3, 0.5, 1, 2.5, 11.9, 12, 100.25, 1e6, 1e9)]
out["lnBeta"] = [[a, b, float(special.betaln(a, b))] for a, b in ((0.5, 0.5), (3.5, 97.5), (1e5 + 0.5, 9e5 + 0.5))]
out["lnNormalCdf"] = [[x, float(special.log_ndtr(x))] for x in (-40, -8, -3, -2.9, -1, -1e-3, 0, 0.5, 2, 5)]


def ln_beta_binomial(s, n, p):
    return special.betaln(0.5 + s, 0.5 + n - s) - special.betaln(0.5, 0.5) - special.xlogy(s, p) - special.xlog1py(n - s, -p)


def interval(s, n, alpha):
    f = lambda p: ln_beta_binomial(s, n, p) - math.log(1 / alpha)
    est = s / n
    lo = 0.0 if s == 0 else optimize.brentq(f, 1e-300, min(est, 1 - 1e-16), xtol=1e-300, rtol=1e-14)
    hi = 1.0 if s == n else optimize.brentq(f, max(est, 1e-300), 1 - 1e-16, rtol=1e-14)
    return [lo, hi]


out["rateInterval"] = [
    [s, n, alpha, interval(s, n, alpha)]
    for s, n, alpha in ((0, 10, 0.05), (1, 10, 0.05), (10, 10, 0.05), (20, 2000, 0.01), (100, 10000, 0.01), (50000, 100000, 0.05))
]

out["rateBound"] = [
    [s, n, alpha, [float(stats.beta.ppf(alpha, s, n - s + 1)) if s > 0 else 0.0, float(stats.beta.isf(alpha, s + 1, n - s)) if s < n else 1.0]]
    for s, n, alpha in (
        (0, 10, 0.05), (10, 10, 0.05), (1, 10, 0.01), (20, 2000, 0.01), (100, 10000, 0.01), (20, 2000, 1e-9), (30, 40, 1e-4), (50000, 100000, 0.05), (10000, 1000000, 1e-6)
    )
]


def kl(p, q):
    return special.rel_entr(p, q) + special.rel_entr(1 - p, 1 - q)


def project(A, B, na, nb, c, d):
    lo, hi = max(0.0, -d / c), min(1.0, (1 - d) / c)
    best = optimize.minimize_scalar(
        lambda a: na * kl(A, a) + nb * kl(B, c * a + d), bounds=(lo + 1e-12, hi - 1e-12), method="bounded", options={"xatol": 1e-13}
    )
    return [best.x, c * best.x + d]


out["project"] = [
    [A, B, na, nb, c, d, project(A, B, na, nb, c, d)]
    for A, B, na, nb, c, d in ((0.5, 0.2, 70, 30, 1, 0), (0.5, 0.2, 70, 30, 0.8, 0), (0.3, 0.1, 10, 90, 1, -0.05), (0.05, 0.01, 950, 50, 1, 0))
]

rng = np.random.default_rng(7)
y, group = rng.integers(0, 2, 400), rng.integers(0, 2, 400)
counts = [[int(np.sum((group == g) & (y == v))) for v in (0, 1)] for g in (0, 1)]
out["fairlearn"] = {"counts": counts, "ratio": float(demographic_parity_ratio(y, y, sensitive_features=group))}

table = np.array([[30, 50, 20], [60, 25, 15]])
g, _, dof, _ = stats.chi2_contingency(table, lambda_="log-likelihood", correction=False)
n = int(table.sum())
out["information"] = {"table": table.tolist(), "value": max(0.0, (g / 2 - dof / 2) / n)}

edges = [1.0, 2.0, 3.0, 4.0, 5.0]
own, ref = [10, 20, 30, 25, 15], [20, 30, 25, 15, 10]
out["wasserstein"] = {"edges": edges, "counts": own, "reference": ref, "value": float(stats.wasserstein_distance(edges, edges, own, ref))}

print(json.dumps(out))
