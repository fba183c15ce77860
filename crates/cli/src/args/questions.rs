//! Questions about a plan.

/// `qd whatif`
#[derive(Clone, Debug, clap::Args)]
pub struct Whatif {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
    /// Hold a metric at a level (on_time_rate=95%), or move it by a change, which has a sign (sign_ups=+5%, checkout=-1pp)
    #[arg(long, value_name = "METRIC=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,
    /// What would it take to reach a value? (revenue=1.2M)
    #[arg(long, value_name = "METRIC=VALUE", allow_hyphen_values = true)]
    pub target: Vec<String>,
    /// Leave an initiative out
    #[arg(long, value_name = "INITIATIVE")]
    pub drop: Vec<String>,
    /// Start from a scenario of the plan
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<String>,
}

/// `qd initiatives`
#[derive(Clone, Debug, clap::Args)]
pub struct Initiatives {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
}

/// `qd funnel`
#[derive(Clone, Debug, clap::Args)]
pub struct Funnel {
    /// The period, 2027-Q1; default: the first quarter that starts after the as-of date
    pub period: Option<String>,
}
