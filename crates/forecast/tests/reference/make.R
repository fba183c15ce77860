# Makes `r.json`: what R's `stats` and `forecast` say of the series of `reference.json` and of a made-up one.
#
# Run with R 4.2.2 and forecast 8.20 (Debian: r-base-core, r-cran-forecast): `Rscript make.R > r.json`.
#
# - `ets_*`: forecast::ets with the form given, by maximum likelihood: its gains, its first and last states and forecasts,
#   so that the same recursion can be run from the same start, and the likelihood it reaches.
# - `holt_winters`: stats::HoltWinters, additive, with gains given.
# - `mstl`: forecast::mstl of two seasons, smoothed over 11 and 15 cycles.
# - `guerrero`: forecast::BoxCox.lambda by Guerrero's method.
suppressMessages(library(forecast))

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
text <- paste(readLines(file.path(here, "reference.json")), collapse = "")
numbers <- function(name) {
  found <- regmatches(text, regexpr(paste0('"', name, '": \\[[^]]*\\]'), text))
  as.numeric(strsplit(gsub("[^0-9.,eE-]", "", sub(".*\\[", "", found)), ",")[[1]])
}
airline <- ts(numbers("airline"), frequency = 12)
line <- ts(numbers("line"), frequency = 1)
turn <- function(t, m) sin(2 * pi * t / m)
step <- 0:139
days <- round(20 + 0.05 * step + 3 * turn(step, 7) + 2 * turn(step, 28) + 0.8 * sin(step^2), 6)

list_of <- function(x) paste0("[", paste(format(as.numeric(x), digits = 12, trim = TRUE), collapse = ", "), "]")
pair <- function(key, value) paste0('"', key, '": ', value)
object <- function(...) paste0("{", paste(c(...), collapse = ",\n  "), "}")

ets_of <- function(y, model, damped) {
  fit <- ets(y, model = model, damped = damped, opt.crit = "lik", allow.multiplicative.trend = FALSE)
  keep <- function(name) if (name %in% names(fit$par)) fit$par[[name]] else 0
  object(
    pair("alpha", keep("alpha")), pair("beta", keep("beta")), pair("gamma", keep("gamma")), pair("phi", keep("phi")),
    pair("first", list_of(fit$initstate)), pair("last", list_of(tail(fit$states, 1))),
    pair("sse", sum(fit$residuals^2)), pair("loglik", fit$loglik), pair("aicc", fit$aicc),
    pair("forecast", list_of(forecast(fit, h = 12)$mean))
  )
}

winters <- HoltWinters(log(airline), alpha = 0.3, beta = 0.05, gamma = 0.2)
parts <- mstl(msts(days, seasonal.periods = c(7, 28)), s.window = c(11, 15))
cat(object(
  pair("versions", object(pair("R", paste0('"', getRversion(), '"')), pair("forecast", paste0('"', packageVersion("forecast"), '"')))),
  pair("ets_ann", ets_of(line, "ANN", FALSE)),
  pair("ets_aan", ets_of(line, "AAN", TRUE)),
  pair("ets_ana", ets_of(log(airline), "ANA", FALSE)),
  pair("ets_aaa", ets_of(log(airline), "AAA", TRUE)),
  pair("holt_winters", object(
    pair("level", winters$fitted[1, "level"]), pair("trend", winters$fitted[1, "trend"]),
    pair("season", list_of(winters$fitted[1:12, "season"])),
    pair("sse", winters$SSE), pair("forecast", list_of(predict(winters, 12)))
  )),
  pair("days", list_of(days)),
  pair("mstl", object(
    pair("week", list_of(parts[, "Seasonal7"])), pair("month", list_of(parts[, "Seasonal28"])),
    pair("trend", list_of(parts[, "Trend"]))
  )),
  pair("guerrero", object(
    pair("airline", BoxCox.lambda(airline, method = "guerrero", lower = -1, upper = 2)),
    pair("days", BoxCox.lambda(ts(days, frequency = 7), method = "guerrero", lower = -1, upper = 2))
  ))
), "\n", sep = "")
