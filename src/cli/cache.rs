//! `notspot cache`: what the path-loss cache holds, and its removal.

use super::{Common, DONE};
use crate::io::{CacheFolder, PLACE_VARIABLE, Removed, default_cache_place};
use crate::problem::{Problem, Problems};
use crate::progress::Progress;
use bytesize::ByteSize;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use indicatif::HumanDuration;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::SystemTime;

/// The environment variable with the size that the cache may have.
const SIZE_VARIABLE: &str = "NOTSPOT_CACHE_SIZE";

/// The size that the cache may have unless the user says otherwise: a province of 1,250 sites with 25 km at one second takes about 8 GiB.
const DEFAULT_SIZE: ByteSize = ByteSize::gib(10);

/// Looks at the path-loss cache or removes from it.
#[derive(Debug, Args)]
#[command(
    after_help = "The cache is the folder $NOTSPOT_CACHE, else $XDG_CACHE_HOME/notspot, else ~/.cache/notspot. It grows to 10 GiB, or to \
    $NOTSPOT_CACHE_SIZE (such as 500MB or 4GiB); what was used longest ago goes first. Nothing but time is lost with it."
)]
pub struct CacheArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with the cache.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Show where it is, what it holds and when that was used; -v names every entry
    List,
    /// Remove what was used longest ago until the rest is no larger than the limit, and what killed runs left half-written
    Prune {
        /// Size to be left, such as 500MB or 4GiB; the cache's limit when absent
        #[arg(long, value_name = "SIZE", value_parser = size)]
        max_size: Option<ByteSize>,
    },
    /// Remove all entries
    Clear,
}

/// What `notspot cache … --json` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CacheDocument {
    /// `notspot/cache/1`.
    schema: &'static str,
    /// The folder, which need not exist.
    folder: String,
    /// Bytes that it may hold.
    limit_bytes: u64,
    /// Bytes that it holds.
    bytes: u64,
    /// Its entries, those used longest ago first.
    entries: Vec<EntryDocument>,
    /// What was removed; absent for `list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<RemovedDocument>,
}

/// An entry of the cache: the losses around one transmitter.
#[derive(Debug, Serialize, JsonSchema)]
struct EntryDocument {
    /// SHA-256 of all that it depends on.
    key: String,
    /// Its size.
    bytes: u64,
    /// When it was last written or read, UTC.
    last_used: String,
    /// How long ago that was.
    age_seconds: u64,
}

/// What was removed.
#[derive(Debug, Serialize, JsonSchema)]
struct RemovedDocument {
    /// Entries.
    entries: usize,
    /// Their bytes.
    bytes: u64,
    /// Files that killed runs left half-written.
    leftovers: usize,
}

impl CacheArgs {
    /// Does it and shows what is there.
    ///
    /// # Errors
    /// [`Problems`] for a size that is none; a folder that cannot be read or changed.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let cache = folder()?.ok_or_else(|| anyhow::anyhow!("{}", no_place()))?;
        let named = |error: std::io::Error| anyhow::anyhow!("{}: {error}", cache.path().display());
        let removed = match self.action {
            Action::List => None,
            Action::Prune { max_size } => {
                Some(cache.prune(max_size.map_or(cache.limit(), |size| size.0)).map_err(named)?)
            }
            Action::Clear => Some(cache.prune(0).map_err(named)?),
        };
        let document = document(&cache, removed).map_err(named)?;
        if common.json {
            super::print_json(&document)?;
        } else if !common.quiet {
            super::print(&text(&document, common.verbose > 0))?;
        }
        Ok(DONE)
    }
}

fn document(cache: &CacheFolder, removed: Option<Removed>) -> std::io::Result<CacheDocument> {
    let now = SystemTime::now();
    let entries: Vec<EntryDocument> = cache
        .entries()?
        .into_iter()
        .map(|entry| EntryDocument {
            key: entry.key,
            bytes: entry.bytes,
            last_used: DateTime::<Utc>::from(entry.used).to_rfc3339_opts(SecondsFormat::Secs, true),
            age_seconds: now.duration_since(entry.used).map_or(0, |age| age.as_secs()),
        })
        .collect();
    Ok(CacheDocument {
        schema: "notspot/cache/1",
        folder: cache.path().display().to_string(),
        limit_bytes: cache.limit(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        entries,
        removed: removed.map(|Removed { entries, bytes, leftovers }| RemovedDocument { entries, bytes, leftovers }),
    })
}

fn text(document: &CacheDocument, with_entries: bool) -> String {
    let size = |bytes| ByteSize(bytes).display().iec();
    let age = |entry: &EntryDocument| HumanDuration(std::time::Duration::from_secs(entry.age_seconds));
    let mut text = String::new();
    if let Some(removed) = &document.removed {
        let RemovedDocument { entries, bytes, leftovers } = removed;
        text += &format!("removed    {entries} entries, {}, and {leftovers} half-written\n", size(*bytes));
    }
    if with_entries {
        let line = |e: &EntryDocument| format!("{}  {}  used {} ago\n", e.key, size(e.bytes), age(e));
        text.extend(document.entries.iter().map(line));
    }
    text += &format!("folder     {}\nentries    {}\n", document.folder, document.entries.len());
    text += &format!("size       {} of {}\n", size(document.bytes), size(document.limit_bytes));
    if let (Some(first), Some(last)) = (document.entries.first(), document.entries.last()) {
        text += &format!("last used  {} to {} ago\n", age(last), age(first));
    }
    text
}

/// The cache that a command of this user works with; `None` when it shall not or cannot have one.
pub(super) fn of_this_user(common: &Common, progress: &Progress) -> Result<Option<CacheFolder>, Problems> {
    if common.no_cache {
        return Ok(None);
    }
    let cache = folder()?;
    if cache.is_none() {
        progress.note(&format!("{}; the run goes on without", no_place()));
    }
    Ok(cache)
}

fn no_place() -> String {
    format!("there is no home folder for the path-loss cache and {PLACE_VARIABLE} names none")
}

/// Reads a size.
fn size(text: &str) -> Result<ByteSize, String> {
    text.parse().map_err(|_| "is no size; write it such as 500MB or 4GiB".to_owned())
}

fn folder() -> Result<Option<CacheFolder>, Problems> {
    let limit = match std::env::var(SIZE_VARIABLE) {
        Ok(text) if !text.is_empty() => size(&text)
            .map_err(|message| Problem::error("environment", message).in_field(SIZE_VARIABLE).with_value(text))?,
        _ => DEFAULT_SIZE,
    };
    Ok(default_cache_place().map(|place| CacheFolder::new(place, limit.0)))
}
