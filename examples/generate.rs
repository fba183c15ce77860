//! Makes the made-up data of the examples: `cargo run --example made_up_data`.
//!
//! Nothing in it is real. Seeded generators write three years of business each, so that every number in these examples can
//! be made again, byte for byte.

#[path = "commerce/generate.rs"]
mod commerce;
#[path = "grocery/generate.rs"]
mod grocery;
mod made_up;
#[path = "marketplace/generate.rs"]
mod marketplace;
#[path = "media/generate.rs"]
mod media;
#[path = "saas/generate.rs"]
mod saas;

use made_up::File;
use std::io::Write;
use std::path::Path;

/// Makes the files of one example.
pub type Generator = fn() -> Vec<File>;

/// The examples with what makes their data.
pub const GENERATORS: [(&str, Generator); 5] = [
    ("commerce", commerce::files),
    ("grocery", grocery::files),
    ("marketplace", marketplace::files),
    ("media", media::files),
    ("saas", saas::files),
];

fn main() -> std::io::Result<()> {
    for (example, files) in GENERATORS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example).join("data");
        for (name, text) in files() {
            let bytes = if name.ends_with(".gz") { compressed(&text)? } else { text.into_bytes() };
            #[expect(clippy::disallowed_methods, reason = "writing the files is what this program is for")]
            std::fs::write(folder.join(name), bytes)?;
        }
    }
    Ok(())
}

/// As gzip writes it, without a time or a name.
fn compressed(text: &str) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(text.as_bytes())?;
    writer.finish()
}
