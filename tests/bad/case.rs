//! One case: files in a folder of its own, a command, and what must come of it.

use crate::common::{SmallStudy, files_of, notspot};
use std::time::Duration;

/// Longer than any refusal takes, even beside other work.
const LIMIT: Duration = Duration::from_secs(30);

/// A malformed input and what must be said of it.
pub(crate) struct Case {
    /// What it is, for the person who reads a failure.
    pub(crate) name: String,
    /// Files put (over those of the small study); `None` puts a folder in the file's place.
    pub(crate) files: Vec<(String, Option<Vec<u8>>)>,
    /// Text replaced in a file of the small study: file, from, to.
    pub(crate) edit: Option<(String, String, String)>,
    /// Arguments; the folder of the files is the current one.
    pub(crate) arguments: Vec<String>,
    /// Standard input.
    pub(crate) stdin: Vec<u8>,
    /// Exit code.
    pub(crate) code: i32,
    /// Parts of what is said on stdout or stderr.
    pub(crate) says: Vec<String>,
}

impl Case {
    /// A command, words separated by blanks, that must be refused with exit code 2.
    pub(crate) fn command(command: &str, says: &[&str]) -> Self {
        Self {
            name: command.to_owned(),
            files: Vec::new(),
            edit: None,
            arguments: command.split(' ').map(str::to_owned).collect(),
            stdin: Vec::new(),
            code: 2,
            says: says.iter().map(|&s| s.to_owned()).collect(),
        }
    }

    /// A run of the small study.
    pub(crate) fn study(name: impl Into<String>, says: &[&str]) -> Self {
        Self { name: name.into(), ..Self::command("run study.toml -o out", says) }
    }

    /// The small study with a text replaced in one of its files.
    pub(crate) fn edit(file: &str, from: &str, to: &str, says: &[&str]) -> Self {
        let edit = Some((file.to_owned(), from.to_owned(), to.to_owned()));
        Self { edit, ..Self::study(format!("{file}: {from:?} → {to:.60?}"), says) }
    }

    /// The small study with one of its inputs (`villages`, `roads` …) taken from a file.
    pub(crate) fn input(role: &str, file: &str, bytes: impl Into<Vec<u8>>, says: &[&str]) -> Self {
        let line = if role == "terrain" { format!("terrain = [\"{file}\"]") } else { format!("{role} = \"{file}\"") };
        let old = match role {
            "terrain" => "terrain = [\"terrain.asc\"]".to_owned(),
            "villages" | "sites" => format!("{role} = \"{role}.csv\""),
            _ => "[inputs]".to_owned(),
        };
        let new = if old == "[inputs]" { format!("[inputs]\n{line}") } else { line };
        let bytes = bytes.into();
        let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        Self { name: format!("{role}: {start:?}"), ..Self::edit("study.toml", &old, &new, says) }.with(file, bytes)
    }

    /// Adds a file.
    pub(crate) fn with(mut self, file: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((file.to_owned(), Some(bytes.into())));
        self
    }

    /// Puts a folder where a file is expected.
    pub(crate) fn with_folder(mut self, name: &str) -> Self {
        self.files.push((name.to_owned(), None));
        self
    }

    /// Another exit code than 2.
    pub(crate) fn code(self, code: i32) -> Self {
        Self { code, ..self }
    }

    /// Runs it; what went otherwise than it must.
    pub(crate) fn failure(&self) -> Option<String> {
        let study = SmallStudy::new();
        if let Some((file, from, to)) = &self.edit {
            study.edit(file, from, to);
        }
        for (file, bytes) in &self.files {
            let path = study.path(file);
            match bytes {
                Some(bytes) => std::fs::write(path, bytes).unwrap(),
                None => {
                    let _ = std::fs::remove_file(&path);
                    std::fs::create_dir(path).unwrap();
                }
            }
        }
        let before = names(&study);
        let mut command = notspot();
        command.current_dir(study.folder.path()).args(&self.arguments).timeout(LIMIT);
        let output = command.write_stdin(self.stdin.as_slice()).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let mut wrong = Vec::new();
        match output.status.code() {
            Some(code) if code == self.code => {}
            code => wrong.push(format!("exit code {code:?} instead of {}", self.code)),
        }
        wrong
            .extend(self.says.iter().filter(|part| !said.contains(*part)).map(|part| format!("does not say {part:?}")));
        if said.contains("panicked") {
            wrong.push("panics".into());
        }
        if said.len() > 30_000 {
            wrong.push(format!("says too much: {} bytes", said.len()));
        }
        if names(&study) != before {
            wrong.push(format!("leaves files behind: {:?}", names(&study)));
        }
        let said: String = said.chars().take(1_000).collect();
        (!wrong.is_empty()).then(|| format!("{}\n  {}\n  it says: {said}", self.name, wrong.join("; ")))
    }
}

/// Names of all files; the companions that GDAL and SQLite leave beside what they open do not count.
fn names(study: &SmallStudy) -> Vec<String> {
    let companion = |name: &String| [".aux.xml", "-wal", "-shm"].iter().any(|c| name.ends_with(c));
    files_of(study.folder.path()).into_keys().filter(|name| !companion(name)).collect()
}
