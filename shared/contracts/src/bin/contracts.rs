//! Writes the generated documents of this crate: `cargo run -p contracts --bin contracts`.

use std::{fs, io, path::Path};

use contracts::{asyncapi, documents, registry};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(root.join("schema"))?;
    for entry in registry::ALL {
        let (name, text) = documents::schema_file(entry);
        fs::write(root.join("schema").join(name), text)?;
    }
    fs::write(root.join("asyncapi.json"), asyncapi::document(&asyncapi::samples(root)?))?;
    fs::write(root.join("EVENTS.md"), documents::events_md(registry::ALL))
}
