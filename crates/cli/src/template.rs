//! The workspaces that come with the command: each is one of the examples, whole.

/// A file: its path in the workspace and what it holds.
pub type File = (&'static str, &'static [u8]);

/// A workspace on made-up data that works at once.
#[derive(Debug)]
pub struct Template {
    /// What it is called by.
    pub name: &'static str,
    /// Whose it could be.
    pub whose: &'static str,
    /// Its north star.
    pub star: &'static str,
    /// Its files.
    pub files: &'static [File],
}

macro_rules! example {
    ($folder:literal: $($path:literal)*) => {
        &[$(($path, include_bytes!(concat!("../../../examples/", $folder, "/", $path)))),*]
    };
}

/// Every template. Where several define a metric, the catalogue takes the first.
pub const TEMPLATES: [Template; 5] = [
    Template {
        name: "saas",
        whose: "a made-up planning tool that teams pay for by the seat",
        star: "sharing_teams",
        files: example!("saas":
            "quarterdeck.toml"
            "metrics/money.qd"
            "metrics/quality.qd"
            "metrics/sources.qd"
            "metrics/use.qd"
            "plans/2027-Q1.qd"
            "data/invitations.csv"
            "data/movements.csv"
            "data/releases.csv"
            "data/sign_ups.csv.gz"
            "data/spend.csv"
            "data/subscriptions.csv.gz"
            "data/support.csv"
            "data/survey.csv"
            "data/usage.csv.gz"
        ),
    },
    Template {
        name: "commerce",
        whose: "a made-up shop that sells tea by post",
        star: "orders",
        files: example!("commerce":
            "quarterdeck.toml"
            "metrics/customers.qd"
            "metrics/shop.qd"
            "metrics/sources.qd"
            "plans/2027-Q1.qd"
            "data/marketing.csv"
            "data/orders.csv.gz"
            "data/support.csv"
            "data/survey.csv"
            "data/visits.csv"
        ),
    },
    Template {
        name: "marketplace",
        whose: "a made-up market for second-hand bicycles",
        star: "deals",
        files: example!("marketplace":
            "quarterdeck.toml"
            "metrics/money.qd"
            "metrics/people.qd"
            "metrics/sources.qd"
            "metrics/trade.qd"
            "plans/2027-Q1.qd"
            "data/deals.csv.gz"
            "data/listings.csv.gz"
            "data/marketing.csv"
            "data/ratings.csv"
            "data/sign_ups.csv"
            "data/survey.csv"
            "data/visits.csv"
        ),
    },
    Template {
        name: "media",
        whose: "a made-up local newspaper",
        star: "reading_minutes",
        files: example!("media":
            "quarterdeck.toml"
            "metrics/money.qd"
            "metrics/quality.qd"
            "metrics/reading.qd"
            "metrics/sources.qd"
            "plans/2027-Q1.qd"
            "data/adverts.csv"
            "data/newsletter.csv"
            "data/ratings.csv"
            "data/readers.csv.gz"
            "data/subscriptions.csv"
            "data/survey.csv"
            "data/visits.csv"
        ),
    },
    Template {
        name: "grocery",
        whose: "a made-up grocer",
        star: "weekly_orders",
        files: example!("grocery":
            "quarterdeck.toml"
            "metrics/growth.qd"
            "metrics/orders.qd"
            "metrics/sources.qd"
            "plans/2027-Q1.qd"
            "data/campaigns.csv"
            "data/checkout.csv"
            "data/customers.csv"
            "data/deliveries.csv"
            "data/households.csv"
            "data/sign_ups.csv"
            "data/survey.csv"
        ),
    },
];

/// The template of this name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

impl Template {
    /// A file's text; `None` where there is no such file or it is no text.
    pub fn text(&self, path: &str) -> Option<&'static str> {
        let (_, content) = self.files.iter().find(|(known, _)| *known == path)?;
        std::str::from_utf8(content).ok()
    }

    /// The paths of its definitions of metrics and what they stand on.
    pub fn metrics(&self) -> impl Iterator<Item = &'static str> {
        self.files.iter().map(|(path, _)| *path).filter(|path| path.starts_with("metrics/"))
    }
}
