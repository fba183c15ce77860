//! The made-up data of the examples is what its generators make, byte for byte.

#[allow(dead_code, reason = "its `main` writes the files; here they are compared")]
#[path = "../../examples/generate.rs"]
mod generate;

use std::io::Read;

#[test]
fn the_generators_make_the_committed_files() {
    for (example, files) in generate::GENERATORS {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example).join("data");
        let made = files();
        for (name, text) in &made {
            let mut committed = std::fs::read(folder.join(name)).expect("every file is committed");
            if name.ends_with(".gz") {
                let packed = std::mem::take(&mut committed);
                flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut committed).expect("it is gzip");
            }
            assert!(text.as_bytes() == committed, "{example}/data/{name} is not what the generator makes");
        }
        let committed = std::fs::read_dir(folder).expect("the folder is committed").count();
        assert_eq!(committed, made.len(), "{example}: files that no generator makes");
    }
}
