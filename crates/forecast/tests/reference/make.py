"""Makes `reference.json`: what other implementations say of two public series.

Run with statsforecast 2.1.1 and statsmodels 0.15.0 installed: `python make.py > reference.json`.

- `airline`: monthly international air passengers, 1949-1960, in thousands (Box & Jenkins 1970, series G).
- `line`: a made-up quarterly series without a season.

- `rare`: a made-up series of counts that are mostly zero.

Theta: statsforecast's DynamicOptimizedTheta on the deseasonalised logarithms is not what it offers, so its theta is
compared on the series without a season, and its numbers are given so that the same recursion can be run. Ets: statsmodels'
ETSModel with the form given, fitted by maximum likelihood. Ces: its numbers and first state. Croston and TSB: statsforecast's mean forecasts.
"""
import json
import math

import numpy as np
import statsmodels
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
import statsforecast
from statsforecast.models import TSB, AutoCES, CrostonSBA, DynamicOptimizedTheta

AIRLINE = [
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
    145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
    196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
    315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
    360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
]
LINE = [round(50 + 1.5 * t + 6 * math.sin(t * 1.7) + 4 * math.cos(t * t), 3) for t in range(48)]
RARE = [(t * t + 3 * t) % 11 % 4 if (t * 7) % 10 < 3 else 0 for t in range(60)]


def ets(values, seasonal):
    model = ETSModel(
        np.asarray(values, dtype=float), error="add", trend="add", damped_trend=True,
        seasonal="add" if seasonal else None, seasonal_periods=12 if seasonal else None, initialization_method="estimated",
    )
    fit = model.fit(disp=False, maxiter=2000)
    return {"forecast": [float(v) for v in fit.forecast(12)], "sse": float(fit.sse)}


def theta(values):
    model = DynamicOptimizedTheta(season_length=1).fit(np.asarray(values, dtype=float))
    numbers = {key: float(value) for key, value in model.model_["par"].items()}
    return {"forecast": [float(v) for v in model.predict(h=12)["mean"]], **numbers, "mse": float(model.model_["mse"])}


def complex_smoothing(values):
    model = AutoCES(season_length=1, model="N").fit(np.asarray(values, dtype=float))
    numbers = {key: float(model.model_["par"][key]) for key in ["alpha_0", "alpha_1"]}
    first = [float(v) for v in model.model_["states"][0]]
    return {"forecast": [float(v) for v in model.predict(h=12)["mean"]], **numbers, "first": first}


def mean(model):
    return float(model.fit(np.asarray(RARE, dtype=float)).predict(h=1)["mean"][0])


print(json.dumps({
    "versions": {"statsmodels": statsmodels.__version__, "statsforecast": statsforecast.__version__},
    "airline": AIRLINE,
    "line": LINE,
    "ets_airline_logs": ets([math.log(v) for v in AIRLINE], True),
    "ets_line": ets(LINE, False),
    "theta_line": theta(LINE),
    "ces_line": complex_smoothing(LINE),
    "rare": RARE,
    "croston_rare": mean(CrostonSBA()),
    "tsb_rare": mean(TSB(alpha_d=0.2, alpha_p=0.05)),
}, indent=1))
