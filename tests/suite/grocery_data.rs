//! The made-up data of the grocery example is what its generator makes, byte for byte.

#[allow(dead_code, reason = "its `main` writes the files; here they are compared")]
#[path = "../../examples/grocery/generate.rs"]
mod generate;

#[test]
fn the_generator_makes_the_committed_files() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/grocery/data");
    let made = generate::files();
    for (name, text) in &made {
        let committed = std::fs::read_to_string(folder.join(name)).expect("every file is committed");
        assert!(*text == committed, "{name} is not what the generator makes");
    }
    let committed = std::fs::read_dir(folder).expect("the folder is committed").count();
    assert_eq!(committed, made.len(), "files that no generator makes");
}
