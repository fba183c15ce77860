//! Spreadsheets are zip files: what is in one, and how large it becomes.

use super::{GridError, Kind};
use crate::source::files::open;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// Bytes a spreadsheet may expand to. What its header claims is not believed: it is unpacked and counted.
pub const EXPANDED: u64 = 256 << 20;
/// Files a spreadsheet may hold.
const PARTS: usize = 20_000;

/// The zip archive of a file.
pub fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>, GridError> {
    let archive = ZipArchive::new(BufReader::new(open(path)?)).map_err(|_| damaged())?;
    if archive.len() > PARTS {
        return Err(GridError::Format("it holds more than 20000 parts and is no spreadsheet".into()));
    }
    Ok(archive)
}

/// Which spreadsheet a zip file is.
pub fn kind(path: &Path) -> Result<Kind, GridError> {
    let mut archive = archive(path)?;
    if let Ok(part) = archive.by_name("mimetype") {
        let mut text = String::new();
        let _ = part.take(100).read_to_string(&mut text);
        if text.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
            return Ok(Kind::Ods);
        }
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.xml") || has("xl/workbook.bin") {
        return Ok(Kind::Xlsx);
    }
    Err(GridError::Format("it is a zip file and no spreadsheet; unpack it, and name the file inside".into()))
}

/// Unpacks everything and counts it, so that no file expands to more than is held.
pub fn weigh(path: &Path) -> Result<(), GridError> {
    let mut archive = archive(path)?;
    let mut left = EXPANDED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let limit = left + 1;
        let read = std::io::copy(&mut part.take(limit), &mut std::io::sink()).map_err(|_| damaged())?;
        if read > left {
            return Err(too_large());
        }
        left -= read;
    }
    Ok(())
}

pub fn damaged() -> GridError {
    GridError::Format("it is a damaged spreadsheet, or was cut off; save it again".into())
}

pub fn too_large() -> GridError {
    GridError::TooLarge {
        found: format!("it expands to more than {} MB", EXPANDED >> 20),
        limit: format!("{} MB", EXPANDED >> 20),
        hint: "save the sheet that is needed as CSV".into(),
    }
}
